package dev.apprentice.learner.loss;

import java.util.List;

/**
 * KTO (Ethayarajh et al. 2024, equation 8): thumbs up and down on single answers, each valued against what the student
 * has moved on answers that do not belong to their requests.
 *
 * @param beta how dear distance from the reference is
 * @param up weight of thumbs up
 * @param down weight of thumbs down
 */
public record Thumbs(double beta, double up, double down) {
    /** Downs may weigh up to 4/3 of ups in all (section 4.2 of the paper); in the middle of what it allows. */
    private static final double DOWN_PER_UP = 1.15;

    /** Weights under which all downs together weigh as much as all ups, and a little more; alone each weighs 1. */
    public static Thumbs balanced(double beta, int ups, int downs) {
        return new Thumbs(beta, 1, ups == 0 || downs == 0 ? 1 : DOWN_PER_UP * ups / downs);
    }

    /**
     * The reference point: the distance from the reference, never below zero, estimated on mismatched answers. No
     * gradient goes through it.
     *
     * @param moved of each mismatched answer, by how many nats its log-probability is above the reference's
     */
    public static double point(List<Double> moved) {
        return Math.max(
                0, moved.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }

    /**
     * The loss of one thumb.
     *
     * @param good whether it is up
     * @param now log-probability of the whole answer
     * @param before the same by the reference
     * @param point see {@link #point}
     */
    public Sloped of(boolean good, double now, double before, double point) {
        double z = beta * (now - before - point) * (good ? 1 : -1);
        double weight = good ? up : down;
        double likes = Logistic.of(z);
        return new Sloped(weight * (1 - likes), (good ? -1 : 1) * weight * beta * likes * (1 - likes));
    }
}
