package dev.apprentice.learner.recall;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;

/**
 * What is pinned with a checkpoint beside its adapter.
 *
 * @param gate which requests the adapter applies to
 * @param recall how lessons act beside these weights
 */
public record CheckpointFit(Gate gate, RecallFit recall) {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** As it is kept with a checkpoint. */
    public JsonNode json() {
        return MAPPER.valueToTree(this);
    }

    /**
     * What {@link #json} wrote.
     *
     * @throws FailedException code {@code bad_fit} if it is something else
     */
    public static CheckpointFit of(JsonNode json) {
        try {
            return MAPPER.treeToValue(json, CheckpointFit.class);
        } catch (JsonProcessingException e) {
            throw new FailedException("bad_fit", "a checkpoint's fit cannot be read", Fault.at("fit"), e);
        }
    }
}
