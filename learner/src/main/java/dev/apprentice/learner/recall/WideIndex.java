package dev.apprentice.learner.recall;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * So many lessons that each request is compared with those that the index on disk finds for it: by words (BM25) and by
 * states, both rankings fused, then by the whole states. What is in the heap does not grow with the lessons.
 */
final class WideIndex implements LessonIndex {
    /** How many lessons a gate and a temperature are fitted on: each of them is a look-up. */
    private static final int FITTED_ON = 128;

    private final LessonFolder folder;
    private final Landscape landscape;
    private final int size;
    private final Predicate<String> gone;
    private final RecallSettings settings;

    /**
     * Over what {@code folder} shows.
     *
     * @param gone whether a lesson, by its id, acts no more; asked with each request
     */
    WideIndex(LessonFolder folder, Landscape landscape, int size, Predicate<String> gone, RecallSettings settings) {
        this.folder = folder;
        this.landscape = landscape;
        this.size = size;
        this.gone = gone;
        this.settings = settings;
    }

    /**
     * What is measured on some lessons, spread evenly, and holds until there are many more.
     *
     * @param sample they, oldest first
     * @param ground what comparisons have in common
     * @param small whether they answer from a small set
     * @param lessons how many lessons there were
     */
    record Landscape(List<Entry> sample, Ground ground, boolean small, int lessons) {
        /** How many are looked at. */
        static final int SAMPLE = 1_024;

        /** How much of the lessons has to be new. */
        private static final double STALE = 0.25;

        Landscape {
            sample = List.copyOf(sample);
        }

        static Landscape of(LessonFolder folder, GeneralPrompts general) {
            var sample = folder.spread(SAMPLE);
            return new Landscape(sample, Ground.of(sample, general), Votes.small(sample), folder.size());
        }

        boolean holdsFor(int now) {
            return Math.abs(now - lessons) <= STALE * lessons;
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Ground ground() {
        return landscape.ground();
    }

    @Override
    public Company around(Question question, @Nullable String without) {
        var found = folder.candidates(question, settings.candidates()).stream()
                .filter(entry -> !entry.id().equals(without) && !gone.test(entry.id()))
                .sorted(Comparator.comparingLong(Entry::sequence))
                .toList();
        return new Company(found, ground(), settings, false);
    }

    @Override
    public Vote vote(Company company, Question question) {
        return company.nearestVote(question, settings.neighbours());
    }

    @Override
    public boolean small() {
        return landscape.small();
    }

    @Override
    public List<Judged> judged() {
        return judge(sample()).toList();
    }

    @Override
    public List<Judged> judged(Collection<String> ids) {
        return judge(folder.entries(ids)).toList();
    }

    @Override
    public List<Entry> asked() {
        return folder.newest(settings.votersMax());
    }

    @Override
    public List<Features> ofProbes(List<Question> probes) {
        return probes.stream()
                .map(probe -> around(probe, null).familiarity().ofOther(probe))
                .toList();
    }

    @Override
    public List<Features> ofLessons(List<Entry> own) {
        return own.stream()
                .map(entry -> around(entry.question(), entry.id()).familiarity().ofOther(entry.question()))
                .toList();
    }

    @Override
    public Gate gate() {
        return gate(sample(), settings);
    }

    /** A gate from the general prompts alone: quick. */
    Gate early() {
        return gate(List.of(), settings);
    }

    @Override
    public boolean shows(Collection<String> ids) {
        return false; // asked of each candidate
    }

    private List<Entry> sample() {
        var all = landscape.sample();
        return GateFitting.spread(all.size(), FITTED_ON)
                .mapToObj(all::get)
                .filter(this::here)
                .toList();
    }

    private boolean here(Entry entry) {
        return !gone.test(entry.id());
    }
}
