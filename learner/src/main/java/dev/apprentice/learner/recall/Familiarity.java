package dev.apprentice.learner.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures {@link Features} of requests against one set of lessons. Immutable. */
final class Familiarity {
    private final List<Entry> entries;
    private final List<Question> probes;
    private final WordWeights weights;
    private final float[][] middle;
    private final float[][] origin;

    /** Against {@code entries}, at least one. */
    Familiarity(List<Entry> entries, GeneralPrompts general) {
        this.entries = List.copyOf(entries);
        probes = general.practice();
        var texts = new ArrayList<Set<String>>();
        probes.forEach(probe -> texts.add(probe.words()));
        entries.forEach(entry -> texts.add(entry.question().words()));
        weights = new WordWeights(texts);
        middle = Vectors.mean(
                entries.stream().map(entry -> entry.question().state()).toList());
        origin = Vectors.origin(middle);
    }

    /** Of a request that is none of the lessons and none of the probes. */
    Features of(Question question) {
        return of(question, null);
    }

    /** Of a request as if {@code self}, a lesson's or a probe's own question, were not known. */
    Features of(Question question, @Nullable Question self) {
        double nearest = -1;
        double coverage = 0;
        double rarest = 0;
        for (var entry : entries) {
            var known = entry.question();
            if (known != self) {
                nearest = Math.max(nearest, Vectors.cosine(question.state(), known.state(), origin));
                coverage = Math.max(coverage, weights.coverage(known.words(), question.words()));
                rarest = Math.max(rarest, weights.rarest(known.words(), question.words()));
            }
        }
        double general = probes.stream()
                .filter(probe -> probe != self)
                .mapToDouble(probe -> Vectors.cosine(question.state(), probe.state(), origin))
                .max()
                .orElse(0);
        double centre = Vectors.cosine(question.state(), middle, origin);
        return new Features(nearest, centre, nearest - general, coverage, rarest);
    }
}
