package dev.apprentice.learner.recall;

/**
 * How like an instance's lessons a request is: what the familiarity gate looks at, and its verdict as a number.
 *
 * @param nearest similarity of hidden states to the nearest lesson, -1 to 1
 * @param centre the same to the lessons' mean
 * @param margin how much nearer the nearest lesson is than the nearest general prompt
 * @param coverage largest share of a lesson's words that the request has, rare ones weighing more, 0 to 1
 * @param rarest how rare the rarest word is that it has in common with a lesson, 0 to 1
 * @param gate the gate's log-odds above its threshold; 0 and more is familiar
 */
public record Likeness(double nearest, double centre, double margin, double coverage, double rarest, double gate) {
    /** Nothing was measured. */
    public static final Likeness NONE = new Likeness(0, 0, 0, 0, 0, 0);

    static Likeness of(Features features, Gate gate) {
        return new Likeness(
                features.nearest(),
                features.middle(),
                features.overProbes(),
                features.coverage(),
                features.rarest(),
                gate.score(features) - gate.threshold());
    }
}
