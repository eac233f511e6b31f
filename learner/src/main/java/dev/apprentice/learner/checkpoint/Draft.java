package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.model.LoraAdapter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint to register.
 *
 * @param instance whose
 * @param parent number of the checkpoint it was trained from, null for the base
 * @param adapter its weights
 * @param lessons ids of the lessons that it was trained on
 * @param plan how it was trained
 * @param origin {@code study}, {@code rebuild} or {@code upload}
 */
public record Draft(
        String instance,
        @Nullable Integer parent,
        LoraAdapter adapter,
        List<String> lessons,
        JsonNode plan,
        String origin) {
    public Draft {
        lessons = List.copyOf(lessons);
    }

    /** One that a study made. */
    public Draft(String instance, @Nullable Integer parent, LoraAdapter adapter, List<String> lessons, JsonNode plan) {
        this(instance, parent, adapter, lessons, plan, "study");
    }
}
