package dev.apprentice.client.admin;

import dev.apprentice.client.value.OpenValue;

/** Where a checkpoint stands. */
public final class CheckpointState extends OpenValue {
    /** Answers beside the live one, and nobody sees it. */
    public static final CheckpointState SHADOW = new CheckpointState("shadow");

    /** Answers a part of the requests. */
    public static final CheckpointState CANARY = new CheckpointState("canary");

    /** Answers. */
    public static final CheckpointState LIVE = new CheckpointState("live");

    /** Answered once, or never, and may be promoted. */
    public static final CheckpointState RETIRED = new CheckpointState("retired");

    /** Did not pass its exam. */
    public static final CheckpointState REJECTED = new CheckpointState("rejected");

    /** Damaged on disk; its parent serves. */
    public static final CheckpointState BROKEN = new CheckpointState("broken");

    private CheckpointState(String value) {
        super(value);
    }

    /**
     * The one that the wire calls {@code value}, also one that this version does not know.
     *
     * @param value a word of the contract, or of a later one
     * @return the word, equal to the constant of the same word
     */
    public static CheckpointState of(String value) {
        return new CheckpointState(value);
    }
}
