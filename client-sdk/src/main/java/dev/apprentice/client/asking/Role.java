package dev.apprentice.client.asking;

import dev.apprentice.client.value.OpenValue;

/** Who speaks in a conversation. */
public final class Role extends OpenValue {
    /** Who instructs. */
    public static final Role SYSTEM = new Role("system");

    /** Who instructs, by its newer name. */
    public static final Role DEVELOPER = new Role("developer");

    /** Who asks. */
    public static final Role USER = new Role("user");

    /** Who answers. */
    public static final Role ASSISTANT = new Role("assistant");

    /** What a tool gave back. */
    public static final Role TOOL = new Role("tool");

    private Role(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static Role of(String value) {
        return new Role(value);
    }
}
