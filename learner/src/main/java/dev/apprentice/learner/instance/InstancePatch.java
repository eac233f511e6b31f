package dev.apprentice.learner.instance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an instance.
 *
 * @param description the new one, or null for no change
 * @param systemPrompt the new one; empty takes it away, null is no change
 * @param policy the policy's fields to change, as {@link Policy#with} takes them
 */
public record InstancePatch(
        @Nullable String description, @Nullable String systemPrompt, Map<String, @Nullable Object> policy) {}
