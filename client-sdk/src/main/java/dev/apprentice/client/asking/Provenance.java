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

    /**
     * What the wire calls {@code apprentice}.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Provenance of(ObjectNode json) {
        return new Provenance(json);
    }

    /** {@return who answered; nothing for the bare base} */
    public Optional<String> instance() {
        return optionalText("instance");
    }

    /** {@return which version of it; 0 is the bare base} */
    public int checkpoint() {
        return optionalInt("checkpoint").orElse(0);
    }

    /** {@return whether the instance knows something of the request} */
    public boolean familiar() {
        return bool("familiar", false);
    }

    /** {@return how sure it is, 0 to 1; nothing until that can be said} */
    public OptionalDouble confidence() {
        return optionalDouble("confidence");
    }

    /** {@return whether a person should look at the answer} */
    public boolean needsHelp() {
        return bool("needs_help", false);
    }

    /** {@return ids of the lessons that acted on it} */
    public List<String> recalled() {
        return texts("recalled");
    }

    /** {@return the episode that it belongs to} */
    public Optional<String> episode() {
        return optionalText("episode");
    }
}
