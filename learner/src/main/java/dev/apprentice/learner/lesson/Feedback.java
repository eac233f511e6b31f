package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;

/** What someone says of an answer, or teaches without having asked. */
public sealed interface Feedback {

    /** What should be answered. */
    String answer();

    /** Who says so: an opaque id. */
    String by();

    /**
     * What should have been answered.
     *
     * @param interaction id of the answer that is corrected
     * @param choice which of its choices, 0 for the first
     * @param answer the right answer
     * @param by who says so
     */
    record Correction(String interaction, int choice, String answer, String by) implements Feedback {}

    /**
     * A question with its right answer.
     *
     * @param instance which one learns it
     * @param messages the question: a conversation that waits for an answer
     * @param answer the right answer
     * @param by who says so
     */
    record Example(String instance, List<ChatMessage> messages, String answer, String by) implements Feedback {
        public Example {
            messages = List.copyOf(messages);
        }
    }
}
