package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Says how the tokens of an answer are chosen, and how many. Values are checked by the server, whose error names the
 * field. For one thread.
 *
 * @param <B> the builder of which this is a part
 */
public abstract sealed class SamplingFields<B> permits AskRequest.Builder {
    final ObjectNode json;

    SamplingFields(ObjectNode json) {
        this.json = json;
    }

    abstract B self();

    /**
     * The longest answer, in tokens.
     *
     * @param maxTokens 1 or more; 512 by default, less where the model's window ends
     * @return this builder
     */
    public B maxTokens(int maxTokens) {
        json.put("max_tokens", maxTokens);
        return self();
    }

    /**
     * 0: always the most probable token.
     *
     * @param temperature 0 to 2; 1 is the model's own distribution
     * @return this builder
     */
    public B temperature(double temperature) {
        json.put("temperature", temperature);
        return self();
    }

    /**
     * Only the most probable tokens whose probabilities add up to this.
     *
     * @param topP 0 to 1; 1 leaves all tokens in
     * @return this builder
     */
    public B topP(double topP) {
        json.put("top_p", topP);
        return self();
    }

    /**
     * Only the {@code topK} most probable tokens.
     *
     * @param topK 1 or more; 0 leaves all tokens in
     * @return this builder
     */
    public B topK(int topK) {
        json.put("top_k", topK);
        return self();
    }

    /**
     * Only tokens at least this probable, as a part of the most probable one.
     *
     * @param minP 0 to 1; 0 leaves all tokens in
     * @return this builder
     */
    public B minP(double minP) {
        json.put("min_p", minP);
        return self();
    }

    /**
     * Above 1: tokens that were there already become less probable.
     *
     * @param penalty 0 to 10; 1 changes nothing
     * @return this builder
     */
    public B repetitionPenalty(double penalty) {
        json.put("repetition_penalty", penalty);
        return self();
    }

    /**
     * Taken from the score of every token that the answer has already.
     *
     * @param penalty -2 to 2; 0 changes nothing
     * @return this builder
     */
    public B presencePenalty(double penalty) {
        json.put("presence_penalty", penalty);
        return self();
    }

    /**
     * Taken from a token's score for each time that the answer has it.
     *
     * @param penalty -2 to 2; 0 changes nothing
     * @return this builder
     */
    public B frequencyPenalty(double penalty) {
        json.put("frequency_penalty", penalty);
        return self();
    }

    /**
     * Added to the scores of tokens, by their ids.
     *
     * @param bias -100 to 100 by the token's id
     * @return this builder
     */
    public B logitBias(Map<Integer, Double> bias) {
        var object = json.putObject("logit_bias");
        bias.forEach((token, value) -> object.put(token.toString(), value));
        return self();
    }

    /**
     * The same seed and the same question give the same answer.
     *
     * @param seed any number
     * @return this builder
     */
    public B seed(long seed) {
        json.put("seed", seed);
        return self();
    }

    /**
     * Texts at which the answer ends; they are not part of it.
     *
     * @param stop at most 16 texts
     * @return this builder
     */
    public B stop(String... stop) {
        var list = json.putArray("stop");
        List.of(stop).forEach(list::add);
        return self();
    }

    /**
     * The shortest answer, in tokens.
     *
     * @param minTokens 0 to the longest answer
     * @return this builder
     */
    public B minTokens(int minTokens) {
        json.put("min_tokens", minTokens);
        return self();
    }

    /**
     * Goes on past the token that ends an answer, to its limit.
     *
     * @param ignoreEos true to go on; meant for measurements
     * @return this builder
     */
    public B ignoreEos(boolean ignoreEos) {
        json.put("ignore_eos", ignoreEos);
        return self();
    }
}
