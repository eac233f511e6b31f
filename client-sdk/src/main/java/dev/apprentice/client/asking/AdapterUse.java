package dev.apprentice.client.asking;

import dev.apprentice.client.value.OpenValue;

/** Whether what was learnt into the weights acts on an answer. */
public final class AdapterUse extends OpenValue {
    /** Where the request is familiar; the default. */
    public static final AdapterUse AUTO = new AdapterUse("auto");

    /** Whatever the request is. */
    public static final AdapterUse ALWAYS = new AdapterUse("always");

    /** The base alone. */
    public static final AdapterUse NEVER = new AdapterUse("never");

    private AdapterUse(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static AdapterUse of(String value) {
        return new AdapterUse(value);
    }
}
