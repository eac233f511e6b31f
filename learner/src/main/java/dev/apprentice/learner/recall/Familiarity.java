package dev.apprentice.learner.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures {@link Features} of requests against one set of lessons. Immutable, as far as anybody can see. */
final class Familiarity {
    /** As many lessons are compared with many requests before the next ones are: their states fit into a cache. */
    private static final int BLOCK = 64;

    private final List<Entry> entries;
    private final Ground ground;
    private final List<WeighedWords> texts;
    private volatile @Nullable Subjects subjects;

    /** Against {@code entries}, at least one where the figures are to say something. */
    Familiarity(List<Entry> entries, Ground ground) {
        this.entries = List.copyOf(entries);
        this.ground = ground;
        texts = entries.stream()
                .map(entry -> ground.words().weigh(entry.question().words()))
                .toList();
    }

    /** The lessons' words, in their order. */
    List<WeighedWords> texts() {
        return texts;
    }

    /** Of a request that is none of the lessons and none of the probes. */
    Features of(Question question) {
        double nearest = -1;
        int which = 0;
        for (int i = 0; i < entries.size(); i++) {
            double cosine = question.cosine(entries.get(i).question());
            which = cosine > nearest ? i : which;
            nearest = Math.max(nearest, cosine);
        }
        return features(question, null, nearest, !entries.isEmpty() && stranger(which, question));
    }

    /** Whether lesson {@code nearest} is about a subject, and a request names none. */
    private boolean stranger(int nearest, Question question) {
        if (subjects == null && !Subjects.mayHave(entries, nearest)) {
            return false; // of lessons that were found for one request the rest would be found for nothing
        }
        var about = subjects();
        return about.has(nearest) && !about.named(question.words());
    }

    /** Found when first needed: who fits a gate makes many of these and asks none for it. */
    private Subjects subjects() {
        var known = subjects;
        if (known == null) {
            known = Subjects.of(entries);
            subjects = known;
        }
        return known;
    }

    /**
     * Of each of {@code questions}, which are lessons' or probes' own, as if itself were not known; no stranger is
     * among them.
     */
    List<Features> ofOthers(List<Question> questions) {
        var nearest = new double[questions.size()];
        Arrays.fill(nearest, -1);
        for (int from = 0; from < entries.size(); from += BLOCK) {
            var block = entries.subList(from, Math.min(from + BLOCK, entries.size()));
            var panel = new Panel(
                    block.stream().map(entry -> entry.question().state()).toList());
            for (int q = 0; q < nearest.length; q++) {
                var question = questions.get(q);
                var cosines = question.cosines(panel);
                for (int i = 0; i < cosines.length; i++) {
                    if (block.get(i).question() != question) {
                        nearest[q] = Math.max(nearest[q], cosines[i]);
                    }
                }
            }
        }
        var features = new ArrayList<Features>();
        for (int q = 0; q < nearest.length; q++) {
            features.add(features(questions.get(q), questions.get(q), nearest[q], false));
        }
        return features;
    }

    /** Of one of them: for a single one laying states out costs more than it saves. */
    Features ofOther(Question question) {
        double nearest = -1;
        for (var entry : entries) {
            if (entry.question() != question) {
                nearest = Math.max(nearest, question.cosine(entry.question()));
            }
        }
        return features(question, question, nearest, false);
    }

    private Features features(Question question, @Nullable Question self, double nearest, boolean stranger) {
        double coverage = 0;
        double rarest = 0;
        for (int i = 0; i < texts.size(); i++) {
            if (entries.get(i).question() == self) {
                continue;
            }
            coverage = Math.max(coverage, texts.get(i).coverage(question.words()));
            rarest = Math.max(rarest, texts.get(i).rarest(question.words()));
        }
        double centre = question.cosine(ground.mean(), ground.lengths());
        double overProbes = nearest - nearestProbe(question, self);
        return new Features(nearest, centre, overProbes, coverage, rarest, stranger);
    }

    /** Cosine with the most similar probe, 0 where there is none but {@code self}. */
    private double nearestProbe(Question question, @Nullable Question self) {
        var probes = ground.general().practice();
        var cosines = question.cosines(ground.general().panel());
        double nearest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < cosines.length; i++) {
            nearest = probes.get(i) == self ? nearest : Math.max(nearest, cosines[i]);
        }
        return nearest == Double.NEGATIVE_INFINITY ? 0 : nearest;
    }
}
