package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as an answer needs it.
 *
 * @param number its number, 0 for the bare base
 * @param adapter its weights, null for the bare base
 * @param fit what is pinned with it, or null
 */
public record Serving(
        int number, @Nullable AdapterRef adapter, @Nullable JsonNode fit) {
    /** Nothing was learnt yet. */
    public static final Serving BASE = new Serving(0, null, null);
}
