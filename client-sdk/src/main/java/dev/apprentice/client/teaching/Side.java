package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.Optional;

/** One side of a preference: an answer that was given, or one that somebody wrote. */
public final class Side extends JsonValue {
    private Side(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire calls a side.
     *
     * @param json a side in its long form, an object
     * @return that side
     */
    public static Side of(ObjectNode json) {
        return new Side(json);
    }

    /**
     * An answer that was given.
     *
     * @param interaction the id of that answer
     * @return the answer as a side
     */
    public static Side interaction(String interaction) {
        return new Side(Wire.object().put("interaction", interaction));
    }

    /**
     * One of several answers to one question.
     *
     * @param interaction the id that they share
     * @param choice which of them, counted from 0
     * @return that answer as a side
     */
    public static Side interaction(String interaction, int choice) {
        return new Side(Wire.object().put("interaction", interaction).put("choice", choice));
    }

    /**
     * An answer that nobody gave.
     *
     * @param answer its text
     * @return the text as a side
     */
    public static Side answer(String answer) {
        return new Side(Wire.object().put("answer", answer));
    }

    /**
     * Which answer it is.
     *
     * @return the id of the answer that was given, or nothing where somebody wrote one
     */
    public Optional<String> interaction() {
        return optionalText("interaction");
    }

    /**
     * What it says.
     *
     * @return the text, which the server fills in for answers that it gave, or nothing where it has not yet
     */
    public Optional<String> answer() {
        return optionalText("answer");
    }

    /** The short form, an id alone, where that says all. */
    JsonNode wire() {
        var json = json();
        return json.size() == 1 && json.has("interaction") ? json.get("interaction") : json;
    }
}
