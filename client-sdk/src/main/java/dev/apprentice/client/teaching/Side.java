package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.apprentice.client.value.Wire;

/** One side of a preference: an answer that was given, or one that somebody wrote. */
public final class Side {
    private final JsonNode wire;

    private Side(JsonNode wire) {
        this.wire = wire;
    }

    /** The answer that was given in {@code interaction}. */
    public static Side interaction(String interaction) {
        return new Side(TextNode.valueOf(interaction));
    }

    /** An answer in words. */
    public static Side answer(String answer) {
        return new Side(Wire.object().put("answer", answer));
    }

    JsonNode wire() {
        return wire;
    }

    @Override
    public String toString() {
        return "Side[" + wire + "]";
    }
}
