package dev.apprentice.learner.value;

/**
 * What was seen of a whole answer.
 *
 * @param instance who answered
 * @param interaction the answer's id
 * @param choice which of the interaction's answers
 * @param request equal for equal requests
 * @param traits what was seen
 * @param judged what was said of it to whoever asked
 */
public record Seen(String instance, String interaction, int choice, String request, Traits traits, Judged judged) {}
