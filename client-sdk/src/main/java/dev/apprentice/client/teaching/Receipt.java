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

    /**
     * What the wire answers to feedback.
     *
     * @param json the object that came over the wire
     * @return what says that the server holds the feedback durably
     */
    public static Receipt of(ObjectNode json) {
        return new Receipt(json);
    }

    /** {@return the lesson's id} */
    public String id() {
        return text("id");
    }

    /** {@return where the lesson stands} */
    public LessonState state() {
        return LessonState.of(text("state"));
    }
}
