package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** What became of lessons that were taken back at once. */
public final class Withdrawn extends JsonValue {
    private Withdrawn(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire answers.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Withdrawn of(ObjectNode json) {
        return new Withdrawn(json);
    }

    /** {@return how many lessons are withdrawn} */
    public int withdrawn() {
        return optionalInt("withdrawn").orElse(0);
    }

    /** {@return how many of them checkpoints still know} */
    public int learnt() {
        return optionalInt("learnt").orElse(0);
    }

    /** {@return what becomes of those, in words} */
    public String note() {
        return optionalText("note").orElse("");
    }
}
