package dev.apprentice.learner.study;

/** Why an instance's weights are built anew from the base, on all its lessons (docs/learning.md). */
public enum Rebuild {
    /** A lesson was taken back and must leave the weights: it is enough that nothing else is lost. */
    WITHDRAWN(false),
    /** So many studies went on from each other that the order of the lessons may have left its traces. */
    PROMOTIONS(true),
    /** The hour of the policy has come. */
    NIGHT(true),
    /** Somebody asked. */
    ASKED(true);

    /** After how many promotions the weights are built anew. */
    static final int PROMOTIONS_MAX = 50;

    private final boolean mustBeat;

    Rebuild(boolean mustBeat) {
        this.mustBeat = mustBeat;
    }

    /** Whether the result must be better than what serves, not only as good. */
    boolean mustBeat() {
        return mustBeat;
    }
}
