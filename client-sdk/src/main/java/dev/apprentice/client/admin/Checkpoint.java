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

    /** What the wire calls a checkpoint. */
    public static Checkpoint of(ObjectNode json) {
        return new Checkpoint(json);
    }

    /** Whose it is. */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** Its number; nothing for a candidate that did not pass, 0 for the bare base after a roll-back. */
    public OptionalInt number() {
        return optionalInt("number");
    }

    /** {@code cand_…}, its name from the beginning; nothing for the bare base. */
    public Optional<String> candidate() {
        return optionalText("candidate");
    }

    /** {@code study} or {@code upload}. */
    public Optional<String> origin() {
        return optionalText("origin");
    }

    /** Where it stands. */
    public CheckpointState state() {
        return CheckpointState.of(text("state"));
    }

    /** Why it is rejected or broken. */
    public Optional<String> reason() {
        return optionalText("reason");
    }

    /** The checkpoint that it was trained from; nothing for the base. */
    public OptionalInt parent() {
        return optionalInt("parent");
    }

    /** Ids of the lessons that it was trained on. */
    public List<String> lessons() {
        return texts("lessons");
    }

    /** How it was trained. */
    public Optional<JsonNode> plan() {
        return field("plan");
    }

    /** What it was examined on, and how that went. */
    public Optional<JsonNode> exam() {
        return field("exam");
    }

    /** SHA-256 of its weights. */
    public Optional<String> adapterDigest() {
        return optionalText("adapter_digest");
    }

    /** SHA-256 of the base that it belongs to. */
    public Optional<String> baseDigest() {
        return optionalText("base_digest");
    }

    /** When it was made. */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
