package dev.apprentice.learner.base;

import java.util.Arrays;

/**
 * A request with one answer, as tokens.
 *
 * @param prompt what is read, up to the answer's first token
 * @param answer what is said, with the end-of-turn token last and only there
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Span(int[] prompt, int[] answer) {
    /** Prompt and answer in a row, as a training row wants them. */
    public int[] tokens() {
        var tokens = new int[prompt.length + answer.length];
        System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        System.arraycopy(answer, 0, tokens, prompt.length, answer.length);
        return tokens;
    }

    /** The same without the end of the turn: an answer that somebody else goes on with. */
    public int[] begun() {
        return Arrays.copyOf(tokens(), prompt.length + answer.length - 1);
    }
}
