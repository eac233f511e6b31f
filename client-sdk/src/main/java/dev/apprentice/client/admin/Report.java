package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How an instance grows. What has no method here is in {@link #json()} and {@link #field}. */
public final class Report extends JsonValue {
    private Report(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire calls a report.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Report of(ObjectNode json) {
        return new Report(json);
    }

    /** {@return the id of the instance that it is about} */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** {@return which checkpoint answers} */
    public int liveCheckpoint() {
        return optionalInt("live_checkpoint").orElse(0);
    }

    /** {@return how many lessons stand where, by the state's word} */
    public Map<String, Integer> lessons() {
        var counts = new LinkedHashMap<String, Integer>();
        optionalObject("lessons")
                .ifPresent(lessons -> lessons.properties()
                        .forEach(entry ->
                                counts.put(entry.getKey(), entry.getValue().asInt())));
        return counts;
    }

    /** {@return the growth curve: each new lesson tested before it was taught} */
    public Optional<JsonNode> growth() {
        return field("growth");
    }

    /** {@return how far it knows what it does not know: state, figures, calibration table} */
    public Optional<JsonNode> value() {
        return field("value");
    }

    /** {@return the last exam} */
    public Optional<JsonNode> lastExam() {
        return field("last_exam");
    }
}
