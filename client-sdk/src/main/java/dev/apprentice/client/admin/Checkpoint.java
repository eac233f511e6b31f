package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An immutable version of an instance's adapter. */
public final class Checkpoint extends JsonValue {
    private Checkpoint(ObjectNode json) {
        super(json);
        state();
    }

    /**
     * What the wire calls a checkpoint.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static Checkpoint of(ObjectNode json) {
        return new Checkpoint(json);
    }

    /** {@return the id of the instance whose version it is} */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** {@return its number; nothing for a candidate that did not pass, 0 for the bare base after a roll-back} */
    public OptionalInt number() {
        return optionalInt("number");
    }

    /** {@return {@code cand_…}, its name from the beginning; nothing for the bare base} */
    public Optional<String> candidate() {
        return optionalText("candidate");
    }

    /** {@return {@code study} or {@code upload}} */
    public Optional<String> origin() {
        return optionalText("origin");
    }

    /** {@return where it stands} */
    public CheckpointState state() {
        return CheckpointState.of(text("state"));
    }

    /** {@return why it is rejected or broken} */
    public Optional<String> reason() {
        return optionalText("reason");
    }

    /** {@return the checkpoint that it was trained from; nothing for the base} */
    public OptionalInt parent() {
        return optionalInt("parent");
    }

    /** {@return ids of the lessons that it was trained on} */
    public List<String> lessons() {
        return texts("lessons");
    }

    /** {@return how it was trained} */
    public Optional<JsonNode> plan() {
        return field("plan");
    }

    /** {@return what it was examined on, and how that went} */
    public Optional<JsonNode> exam() {
        return field("exam");
    }

    /** {@return SHA-256 of its weights} */
    public Optional<String> adapterDigest() {
        return optionalText("adapter_digest");
    }

    /** {@return SHA-256 of the base that it belongs to} */
    public Optional<String> baseDigest() {
        return optionalText("base_digest");
    }

    /** {@return when it was made} */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
