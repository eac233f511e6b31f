package dev.apprentice.learner.recall;

/**
 * The share of the lessons' answers in the next token that explains best what was taught: the maximum of {@code sum_i
 * log((1 - lambda) model_i + lambda votes_i)} under a Beta(2, 2) prior, by expectation maximisation. With no evidence
 * it is one half; where the model knows nothing it goes to one.
 */
final class Mixing {
    private static final int ROUNDS = 200;

    private Mixing() {}

    /**
     * Fits.
     *
     * @param model the model's probability of each answer
     * @param votes what the other lessons give to it
     * @param most the largest share allowed
     */
    static double lambda(double[] model, double[] votes, double most) {
        double lambda = 0.5;
        for (int round = 0; round < ROUNDS; round++) {
            double byVotes = 1; // the prior's one pseudo-observation on each side
            double all = 2;
            for (int i = 0; i < model.length; i++) {
                double fromVotes = lambda * votes[i];
                double fromModel = (1 - lambda) * model[i];
                if (fromVotes + fromModel > 0) {
                    byVotes += fromVotes / (fromVotes + fromModel);
                    all++;
                }
            }
            lambda = byVotes / all;
        }
        return Math.min(lambda, most);
    }
}
