package dev.apprentice.learner.instance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One deployed apprentice for one domain.
 *
 * @param id what OpenAI's {@code model} field names
 * @param description for people
 * @param systemPrompt applies when a request brings no system message, or null
 * @param policy what it may do by itself
 * @param frozen whether new feedback is recorded only, neither recalled nor studied
 * @param liveCheckpoint number of the checkpoint that is to serve; 0 is the bare base
 * @param created when it was created
 */
public record Instance(
        String id,
        String description,
        @Nullable String systemPrompt,
        Policy policy,
        boolean frozen,
        int liveCheckpoint,
        Instant created) {}
