package dev.apprentice.learner.instance;

/** When an answer counts as right, given the wanted one: policy field {@code match}. */
public enum Match {
    /**
     * Equal after Unicode NFC, white space, case and final punctuation; long wanted answers are judged as {@link #F1}.
     */
    EXACT,
    /** The wanted answer stands in the answer. */
    CONTAINS,
    /** The words overlap: F1 of at least .8. */
    F1,
    /** The wanted answer is a regular expression that matches the whole answer. */
    REGEX
}
