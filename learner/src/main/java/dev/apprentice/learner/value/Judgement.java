package dev.apprentice.learner.value;

/**
 * What a head says of an answer.
 *
 * @param confidence calibrated probability that it is good
 * @param cautious the same one spread of the nets lower: what is not well known is not trusted
 * @param doubt spread of the nets' log-odds
 */
public record Judgement(double confidence, double cautious, double doubt) {}
