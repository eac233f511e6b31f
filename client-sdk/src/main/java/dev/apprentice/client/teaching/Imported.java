package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** What became of an import: all lines or none. */
public final class Imported extends JsonValue {
    private Imported(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire answers to an import.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Imported of(ObjectNode json) {
        return new Imported(json);
    }

    /** {@return how many lessons are new} */
    public int imported() {
        return optionalInt("added").orElseGet(() -> optionalInt("imported").orElse(0));
    }

    /** {@return how many were there already} */
    public int known() {
        return optionalInt("known").orElse(0);
    }

    /** {@return how many older lessons the new ones speak over} */
    public int superseded() {
        return optionalInt("superseded").orElse(0);
    }

    /** {@return how many of the new ones contradict another, so that a person has to decide} */
    public int held() {
        return optionalInt("held").orElse(0);
    }
}
