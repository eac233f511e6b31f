package dev.apprentice.learner.recall;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** So few lessons that each request is compared with all of them. */
final class WholeIndex implements LessonIndex {
    /** How many lessons a gate is fitted on: the fit compares each with all. */
    private static final int GATE_LESSONS_MAX = 256;

    private final Company company;
    private final Ground ground;
    private final RecallSettings settings;
    private final @Nullable Votes votes;

    /** Over {@code entries}, oldest first, at least one. */
    WholeIndex(List<Entry> entries, GeneralPrompts general, RecallSettings settings) {
        this.settings = settings;
        ground = Ground.of(entries, general);
        company = new Company(entries, ground, settings, true);
        votes = Votes.small(company.voters()) ? company.votes() : null;
    }

    @Override
    public int size() {
        return company.entries().size();
    }

    @Override
    public Ground ground() {
        return ground;
    }

    @Override
    public Company around(Question question, @Nullable String without) {
        return company;
    }

    @Override
    public Vote vote(Company everybody, Question question) {
        return new Vote(known().answers(), everybody.scores(known(), question));
    }

    @Override
    public boolean small() {
        return votes != null;
    }

    private Votes known() {
        if (votes == null) {
            throw new IllegalStateException("these lessons do not answer from a small set");
        }
        return votes;
    }

    @Override
    public List<Judged> judged() {
        return known().leftOut();
    }

    @Override
    public List<Judged> judged(Collection<String> ids) {
        return judged().stream().filter(one -> ids.contains(one.entry().id())).toList();
    }

    @Override
    public List<Entry> asked() {
        return company.entries();
    }

    @Override
    public List<Features> ofProbes(List<Question> probes) {
        return company.familiarity().ofOthers(probes);
    }

    @Override
    public List<Features> ofLessons(List<Entry> own) {
        return company.familiarity().ofOthers(own.stream().map(Entry::question).toList());
    }

    @Override
    public Gate gate() {
        var entries = company.entries();
        return gate(
                GateFitting.spread(entries.size(), Math.max(GATE_LESSONS_MAX, settings.fitAtLessons()))
                        .mapToObj(entries::get)
                        .toList(),
                settings);
    }

    @Override
    public boolean shows(Collection<String> ids) {
        var gone = Set.copyOf(ids);
        return company.entries().stream().anyMatch(entry -> gone.contains(entry.id()));
    }
}
