package dev.apprentice.learner.value;

/** How far an instance's value head has come. */
public enum ValueState {
    /** Too few graded answers, or all of them alike: no confidence is given. */
    NOT_FITTED,
    /** It gives confidence, and drives nothing. */
    FITTED,
    /** It holds what is asked of it: it may choose among answers and weigh what is trained. */
    CALIBRATED
}
