package dev.apprentice.learner.exam;

/**
 * Who is asked in an exam besides the candidate.
 *
 * @param value examines its value function
 * @param rewards knows what people said of the answers so far
 */
public record Examiners(ValueExam value, RewardLog rewards) {
    /** Nobody: no value function, no rewards. */
    public static final Examiners NONE = new Examiners(ValueExam.NONE, RewardLog.EMPTY);
}
