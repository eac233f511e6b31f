package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.time.Instant;
import java.util.Optional;

/** Something that happened to an instance. */
public final class Event extends JsonValue {
    private Event(ObjectNode json) {
        super(json);
        sequence();
        kind();
    }

    /**
     * An event: {@code sequence}, {@code kind}, {@code instance}, {@code at}, {@code data}.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static Event of(ObjectNode json) {
        return new Event(json);
    }

    /** {@return its place in the list of all events, growing; a later watch may go on after it} */
    public long sequence() {
        return field("sequence")
                .filter(number -> number.canConvertToLong())
                .orElseThrow(() -> new ProtocolException("expected a number at sequence of an event"))
                .longValue();
    }

    /** {@return what happened} */
    public EventKind kind() {
        return EventKind.of(text("kind"));
    }

    /** {@return the id of the instance to which it happened} */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** {@return what belongs to the event: ids and figures, never what people wrote} */
    public ObjectNode data() {
        return optionalObject("data").map(ObjectNode::deepCopy).orElseGet(Wire::object);
    }

    /** {@return when it happened} */
    public Optional<Instant> at() {
        return optionalInstant("at");
    }
}
