package dev.apprentice.client.teaching;

import dev.apprentice.client.value.OpenValue;

/** Good or bad. */
public final class Rating extends OpenValue {
    /** Good. */
    public static final Rating UP = new Rating("up");

    /** Bad. */
    public static final Rating DOWN = new Rating("down");

    private Rating(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static Rating of(String value) {
        return new Rating(value);
    }
}
