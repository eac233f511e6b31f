package dev.apprentice.learner.recall;

import dev.apprentice.engine.adapter.AdapterRef;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint that answers for an instance.
 *
 * @param number its number
 * @param adapter its weights
 * @param lessons ids of the lessons that it was trained on
 * @param fit what is pinned with it, null for one that was uploaded
 */
public record LiveAdapter(
        int number,
        AdapterRef adapter,
        Set<String> lessons,
        @Nullable CheckpointFit fit) {
    public LiveAdapter {
        lessons = Set.copyOf(lessons);
    }
}
