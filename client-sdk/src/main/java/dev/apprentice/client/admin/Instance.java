package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.time.Instant;
import java.util.Optional;

/** A deployed apprentice. */
public final class Instance extends JsonValue {
    private Instance(ObjectNode json) {
        super(json);
        id();
    }

    /**
     * What the wire calls an instance.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static Instance of(ObjectNode json) {
        return new Instance(json);
    }

    /** {@return its name, which requests give as their model} */
    public String id() {
        return text("id");
    }

    /** {@return what it is for} */
    public String description() {
        return optionalText("description").orElse("");
    }

    /** {@return what it is told where a request brings no system message} */
    public Optional<String> systemPrompt() {
        return optionalText("system_prompt");
    }

    /** {@return how it learns, every field with its value} */
    public ObjectNode policy() {
        return optionalObject("policy").map(ObjectNode::deepCopy).orElseGet(Wire::object);
    }

    /** {@return whether feedback is only recorded, and neither recalled nor studied} */
    public boolean frozen() {
        return bool("frozen", false);
    }

    /** {@return which checkpoint answers; 0 is the bare base} */
    public int liveCheckpoint() {
        return optionalInt("live_checkpoint").orElse(0);
    }

    /** {@return when it was created} */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
