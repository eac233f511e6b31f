package dev.apprentice.learner.value;

/**
 * The constants of the value function (docs/learning.md).
 *
 * @param components directions of most spread that the hidden states are seen in
 * @param hidden units of each net's hidden layer; 0 is a logistic
 * @param heads nets, each on its own bootstrap sample; their spread says how little is known
 * @param steps of AdamW for each net
 * @param batch outcomes in a step
 * @param rate of learning, falling to a tenth in a line
 * @param decay weight decay of AdamW (Loshchilov and Hutter 2019), biases aside
 * @param folds parts that are left out in turn, to see every outcome judged by nets that do not know it
 * @param fitFrom outcomes from which on a head is fitted
 * @param certifyFrom outcomes from which on a threshold is certified: with fewer accepted ones without a single error
 *     no error rate of {@code risk} can be shown
 * @param risk share of wrong answers among those accepted that the certified threshold promises not to exceed
 * @param doubt probability with which that promise may fail
 * @param outcomesMax newest outcomes that are kept and learnt from
 * @param seed of everything that is drawn
 */
public record ValuePlan(
        int components,
        int hidden,
        int heads,
        int steps,
        int batch,
        double rate,
        double decay,
        int folds,
        int fitFrom,
        int certifyFrom,
        double risk,
        double doubt,
        int outcomesMax,
        long seed) {
    /** What is used. */
    public static final ValuePlan DEFAULT = new ValuePlan(16, 8, 5, 400, 32, 1e-2, 0.1, 5, 24, 59, 0.05, 0.05, 2000, 1);

    public ValuePlan {
        assert components >= 0 && hidden >= 0 && heads >= 1 && steps >= 1 && batch >= 1 && folds >= 2;
    }
}
