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

    /** An event: {@code sequence}, {@code kind}, {@code instance}, {@code at}, {@code data}. */
    public static Event of(ObjectNode json) {
        return new Event(json);
    }

    /** Its place in the list of all events, growing; a later watch may go on after it. */
    public long sequence() {
        return field("sequence")
                .filter(number -> number.canConvertToLong())
                .orElseThrow(() -> new ProtocolException("expected a number at sequence of an event"))
                .longValue();
    }

    /** What happened. */
    public EventKind kind() {
        return EventKind.of(text("kind"));
    }

    /** To which instance. */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** Ids and figures, never what people wrote. */
    public ObjectNode data() {
        return optionalObject("data").map(ObjectNode::deepCopy).orElseGet(Wire::object);
    }

    /** When. */
    public Optional<Instant> at() {
        return optionalInstant("at");
    }
}
