package dev.apprentice.learner.loss;

/**
 * A loss of one answer.
 *
 * @param loss its value
 * @param slope dLoss / d log-probability of the whole answer
 */
public record Sloped(double loss, double slope) {}
