package dev.apprentice.learner.study;

/**
 * What one step saw: logs, events and reports are made of these.
 *
 * @param instance whose study it is
 * @param step counted from 0
 * @param steps how many there will be
 * @param logprob mean log-probability of the answers' tokens, in nats
 * @param anchorNats mean distance to the base on general prompts, in nats per token
 * @param anchorWeight its price
 * @param gradient norm of the gradient before clipping
 * @param tokens how many tokens were read
 */
public record StudyStep(
        String instance,
        int step,
        int steps,
        double logprob,
        double anchorNats,
        double anchorWeight,
        double gradient,
        int tokens) {}
