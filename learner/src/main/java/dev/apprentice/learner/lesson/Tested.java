package dev.apprentice.learner.lesson;

import dev.apprentice.learner.interaction.Guided;
import java.time.Instant;

/**
 * How one answer had done, judged by the correction that came after it.
 *
 * @param lesson the correction
 * @param checkpoint which version had answered
 * @param guided whose words the answer was
 * @param passed whether it had been right
 * @param at when it was judged
 */
public record Tested(String lesson, int checkpoint, Guided guided, boolean passed, Instant at) {}
