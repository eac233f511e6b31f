package dev.apprentice.learner.recall;

import java.util.Set;

/**
 * A request as recall sees it. Two are the same only if they are one object: a lesson is never compared with itself.
 */
final class Question {
    private final float[][] state;
    private final double[] lengths;
    private final Set<String> words;

    /** With standardised hidden states, [layers, hidden], and words. */
    Question(float[][] state, Set<String> words) {
        this.state = state;
        this.words = Set.copyOf(words);
        lengths = Vectors.lengths(state);
    }

    float[][] state() {
        return state;
    }

    Set<String> words() {
        return words;
    }

    /**
     * Mean over the layers, which count alike whatever their length, of the cosines as seen from the origin of
     * standardised states: from where general prompts lie.
     */
    double cosine(Question other) {
        return cosine(other.state, other.lengths);
    }

    /** The same with a state of given lengths. */
    double cosine(float[][] other, double[] otherLengths) {
        double sum = 0;
        for (int l = 0; l < state.length; l++) {
            sum += Centre.ratio(Vectors.dot(state[l], other[l]), lengths[l] * otherLengths[l]);
        }
        return sum / state.length;
    }

    /** {@link #cosine(Question)} with each state of {@code panel}. */
    double[] cosines(Panel panel) {
        return panel.cosines(state, lengths);
    }

    /**
     * The mean of {@link #cosine(Question)} and the same cosine as seen from {@code centre}.
     *
     * @param apart dot products by layers of this and some others, as seen from {@code centre}
     * @param at which of those is {@code other}
     * @param here how this lies to {@code centre}
     * @param there how {@code other} does
     */
    double cosines(Question other, float[][] apart, int at, Centre centre, Centre.Offset here, Centre.Offset there) {
        double sum = 0;
        for (int l = 0; l < state.length; l++) {
            sum += Centre.ratio(centre.dot(l, apart[l][at], here, there), lengths[l] * other.lengths[l])
                    + Centre.ratio(apart[l][at], here.distance()[l] * there.distance()[l]);
        }
        return sum / (2 * state.length);
    }
}
