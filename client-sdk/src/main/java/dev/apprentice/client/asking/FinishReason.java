package dev.apprentice.client.asking;

import dev.apprentice.client.value.OpenValue;

/** Why an answer ended. */
public final class FinishReason extends OpenValue {
    /** It was over, or a stop string came. */
    public static final FinishReason STOP = new FinishReason("stop");

    /** It reached its limit. */
    public static final FinishReason LENGTH = new FinishReason("length");

    /** It ends in calls of tools, whose results are waited for. */
    public static final FinishReason TOOL_CALLS = new FinishReason("tool_calls");

    private FinishReason(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static FinishReason of(String value) {
        return new FinishReason(value);
    }
}
