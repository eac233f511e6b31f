package dev.apprentice.learner.exam;

/** How an exam ended. */
public enum Verdict {
    /** It may serve. */
    PASSED,
    /** Something was lost or not learnt: another try, on what was lost above all, may mend it. */
    NOT_LEARNT,
    /** It changed what it should have left alone. */
    TOO_FAR
}
