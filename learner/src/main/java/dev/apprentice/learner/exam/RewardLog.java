package dev.apprentice.learner.exam;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Map;

/**
 * Answers that people have rated, with the log-probabilities that they were given out with: what E6 asks without asking
 * anybody anew. Called by the learner thread.
 */
@FunctionalInterface
public interface RewardLog {
    /** Nothing was rated. */
    RewardLog EMPTY = (_, _) -> List.of();

    /**
     * The newest answers of {@code checkpoint} of {@code instance} that were rated and are the weights' own words: none
     * that recall forced, showed examples to or voted on, and none that was chosen among several, since those are not
     * drawn from the weights alone.
     *
     * @param checkpoint its number, 0 for the bare base
     */
    List<Rewarded> rewarded(String instance, int checkpoint);

    /**
     * A rated answer.
     *
     * @param messages what was asked, as the client sent it
     * @param tools what might be called
     * @param promptTokens how many tokens the prompt had
     * @param tokens what was answered
     * @param logprob the sum of its tokens' log-probabilities, as served
     * @param reward 0 to 1
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, and never compared
    record Rewarded(
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            int promptTokens,
            int[] tokens,
            double logprob,
            double reward) {}
}
