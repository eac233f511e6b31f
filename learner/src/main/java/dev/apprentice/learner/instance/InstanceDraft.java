package dev.apprentice.learner.instance;

import org.jspecify.annotations.Nullable;

/**
 * An instance to create.
 *
 * @param id {@code [a-z0-9][a-z0-9._-]{0,63}}, not {@code base}, not the loaded model's name
 * @param description for people
 * @param systemPrompt applies when a request brings no system message, or null
 * @param policy what it may do by itself
 */
public record InstanceDraft(
        String id, String description, @Nullable String systemPrompt, Policy policy) {

    /** An instance with nothing but its name. */
    public static InstanceDraft of(String id) {
        return new InstanceDraft(id, "", null, Policy.DEFAULT);
    }
}
