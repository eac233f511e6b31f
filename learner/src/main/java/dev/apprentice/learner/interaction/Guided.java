package dev.apprentice.learner.interaction;

/** Whose words an answer is. */
public enum Guided {
    /** The weights' alone. */
    FREE,
    /** The weights', with lessons as worked examples in the context. */
    EXAMPLES,
    /** The weights', with lessons' answers weighing on each token. */
    PRIOR,
    /** A lesson's, decoded by force. */
    FORCED;

    /** Whether lessons acted on the answer. */
    public boolean recalled() {
        return this != FREE;
    }
}
