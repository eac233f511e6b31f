package dev.apprentice.learner.lesson;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What someone says of an answer, or teaches without having asked. */
public sealed interface Feedback {

    /** Who says so: an opaque id. */
    String by();

    /** Says what should be answered: recall serves it and a study trains on it. */
    sealed interface Teaching extends Feedback {
        /** What should be answered: the text before any calls. */
        String answer();

        /** Which tools should be called, as OpenAI's JSON. */
        List<Map<String, Object>> calls();

        /** What should be answered, as a turn. */
        default ChatMessage reply() {
            return new ChatMessage("assistant", answer(), null, calls(), null);
        }
    }

    /** Says how good something was, not what would have been right: it is studied, and never recalled. */
    sealed interface Opinion extends Feedback {}

    /**
     * What should have been answered.
     *
     * @param interaction id of the answer that is corrected
     * @param choice which of its choices, 0 for the first
     * @param answer the right answer
     * @param calls the right calls, as OpenAI's JSON
     * @param by who says so
     */
    record Correction(
            String interaction,
            int choice,
            String answer,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, Object>> calls,
            String by)
            implements Teaching {
        public Correction {
            calls = List.copyOf(calls);
        }

        /** One that calls nothing. */
        public Correction(String interaction, int choice, String answer, String by) {
            this(interaction, choice, answer, List.of(), by);
        }
    }

    /**
     * A question with its right answer.
     *
     * @param instance which one learns it
     * @param messages the question: a conversation that waits for an answer
     * @param answer the right answer
     * @param calls the right calls, as OpenAI's JSON
     * @param tools what may be called, as OpenAI's JSON
     * @param by who says so
     */
    record Example(
            String instance,
            List<ChatMessage> messages,
            String answer,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, Object>> calls,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, Object>> tools,
            String by)
            implements Teaching {
        public Example {
            messages = List.copyOf(messages);
            calls = List.copyOf(calls);
            tools = List.copyOf(tools);
        }

        /** One without tools. */
        public Example(String instance, List<ChatMessage> messages, String answer, String by) {
            this(instance, messages, answer, List.of(), List.of(), by);
        }
    }

    /**
     * Thumbs up or down.
     *
     * @param interaction id of the answer
     * @param choice which of its choices
     * @param up whether it was good
     * @param by who says so
     */
    record Rating(String interaction, int choice, boolean up, String by) implements Opinion {}

    /**
     * How good one answer was.
     *
     * @param interaction id of the answer
     * @param choice which of its choices
     * @param reward 0 to 1
     * @param by who says so
     */
    record Reward(String interaction, int choice, double reward, String by) implements Opinion {}

    /**
     * How well a task of several answers ended.
     *
     * @param episode the task's name, as its requests gave it
     * @param instance whose answers, null where only one has answered in it
     * @param reward 0 to 1
     * @param by who says so
     */
    record EpisodeReward(String episode, @Nullable String instance, double reward, String by) implements Opinion {}

    /**
     * One answer is better than another.
     *
     * @param interaction id of the request that both answer, null where a side names it
     * @param chosen the better one
     * @param rejected the worse one
     * @param by who says so
     */
    record Preference(@Nullable String interaction, Side chosen, Side rejected, String by) implements Opinion {}

    /**
     * What is wrong, in words.
     *
     * @param interaction id of the answer
     * @param choice which of its choices
     * @param text the words
     * @param by who says so
     */
    record Critique(String interaction, int choice, String text, String by) implements Opinion {}

    /**
     * What the user's next turn says of an answer: no person gave it as feedback.
     *
     * @param interaction id of the answer
     * @param choice which of its choices
     * @param sign what the turn says
     * @param next id of the request that brought it
     */
    record Implicit(String interaction, int choice, Sign sign, String next) implements Opinion {
        /** In whose name signs are kept: nobody's. */
        static final String BY = "implicit";

        @Override
        public String by() {
            return BY;
        }
    }

    /** One of the two answers of a preference. */
    sealed interface Side {}

    /**
     * An answer that was given.
     *
     * @param interaction its id
     * @param choice which of its choices
     */
    record Given(String interaction, int choice) implements Side {}

    /**
     * An answer that someone wrote.
     *
     * @param answer its text
     */
    record Written(String answer) implements Side {}
}
