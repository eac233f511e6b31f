package dev.apprentice.learner.exam;

/**
 * One thing that was demanded.
 *
 * @param id {@code E1}, {@code E2}, … of docs/learning.md
 * @param result whether it was met
 * @param says what was found and what was wanted, in words
 */
public record Criterion(String id, Result result, String says) {
    /** What can come of a demand. */
    public enum Result {
        /** It was met. */
        HOLDS,
        /** It was not: the candidate may not serve. */
        FAILS,
        /** It could not be examined, and says why: it speaks neither for the candidate nor against it. */
        NOT_EXAMINED
    }

    static Criterion of(String id, boolean holds, String says) {
        return new Criterion(id, holds ? Result.HOLDS : Result.FAILS, says);
    }

    static Criterion notExamined(String id, String why) {
        return new Criterion(id, Result.NOT_EXAMINED, "not examined: " + why);
    }

    boolean fails() {
        return result == Result.FAILS;
    }
}
