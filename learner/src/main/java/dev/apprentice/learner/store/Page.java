package dev.apprentice.learner.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param data the items, oldest first
 * @param next where the next part begins, to be handed back as {@code after}; null at the end
 */
public record Page<T>(List<T> data, @Nullable String next) {
    public Page {
        data = List.copyOf(data);
    }
}
