package dev.apprentice.learner.value;

/**
 * A graded answer.
 *
 * @param request equal for answers to the same request, which are never on both sides of a judgement
 * @param traits what was seen of the answer
 * @param reward how good it was, 0 to 1
 * @param weight how much the word that graded it weighs, above 0
 * @param examined whether an exam asked for it: nets learn from it, but it says nothing of how often answers to people
 *     are right
 */
public record Outcome(String request, Traits traits, double reward, double weight, boolean examined) {
    public Outcome {
        assert reward >= 0 && reward <= 1 && weight > 0 : reward + " of weight " + weight;
    }

    /** An answer that somebody was given. */
    public Outcome(String request, Traits traits, double reward, double weight) {
        this(request, traits, reward, weight, false);
    }

    boolean good() {
        return reward >= 0.5;
    }
}
