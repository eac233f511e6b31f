package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** That a word of feedback is durable. */
public final class Receipt extends JsonValue {
    private Receipt(ObjectNode json) {
        super(json);
        id();
        state();
    }

    /** What the wire answers to feedback. */
    public static Receipt of(ObjectNode json) {
        return new Receipt(json);
    }

    /** The lesson's id. */
    public String id() {
        return text("id");
    }

    /** Where the lesson stands. */
    public LessonState state() {
        return LessonState.of(text("state"));
    }
}
