package dev.apprentice.engine.training;

/**
 * One AdamW step (Loshchilov &amp; Hutter 2019).
 *
 * @param rate learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param decay decoupled weight decay
 * @param clip largest global gradient norm
 */
public record OptimStep(double rate, double beta1, double beta2, double epsilon, double decay, double clip) {
    /** LEARNING's optimiser at {@code rate}: betas .9 and .95, no decay, clip 1. */
    public static OptimStep at(double rate) {
        return new OptimStep(rate, 0.9, 0.95, 1e-8, 0, 1.0);
    }
}
