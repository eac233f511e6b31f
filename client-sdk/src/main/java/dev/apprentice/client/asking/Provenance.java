package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where an answer comes from. One answer is one checkpoint, from its first token to its last. */
public final class Provenance extends JsonValue {
    private Provenance(ObjectNode json) {
        super(json);
    }

    /** What the wire calls {@code apprentice}. */
    public static Provenance of(ObjectNode json) {
        return new Provenance(json);
    }

    /** Who answered; nothing for the bare base. */
    public Optional<String> instance() {
        return optionalText("instance");
    }

    /** Which version of it; 0 is the bare base. */
    public int checkpoint() {
        return optionalInt("checkpoint").orElse(0);
    }

    /** Whether the instance knows something of the request. */
    public boolean familiar() {
        return bool("familiar", false);
    }

    /** How sure it is, 0 to 1; nothing until that can be said. */
    public OptionalDouble confidence() {
        return optionalDouble("confidence");
    }

    /** Whether a person should look at the answer. */
    public boolean needsHelp() {
        return bool("needs_help", false);
    }

    /** Ids of the lessons that acted on it. */
    public List<String> recalled() {
        return texts("recalled");
    }

    /** The episode that it belongs to. */
    public Optional<String> episode() {
        return optionalText("episode");
    }
}
