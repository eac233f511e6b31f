package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.List;

/**
 * What somebody says of an answer, or teaches without having asked. The last word of one teacher on one interaction
 * replaces his earlier one.
 */
public final class Feedback extends JsonValue {
    private Feedback(ObjectNode json) {
        super(json);
    }

    /**
     * What would have been the right answer in {@code interaction}.
     *
     * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
     * @param answer the right answer, word for word
     * @return a builder to which more can be added
     */
    public static Builder correction(String interaction, String answer) {
        return on(interaction, LessonKind.CORRECTION).put("answer", answer);
    }

    /**
     * Which tools should have been called in {@code interaction}.
     *
     * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
     * @param calls the calls, in order
     * @return a builder to which more can be added
     */
    public static Builder correction(String interaction, List<ToolCall> calls) {
        return on(interaction, LessonKind.CORRECTION).message("", calls);
    }

    /**
     * The answer in {@code interaction} was good, or bad.
     *
     * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
     * @param rating which of both
     * @return a builder to which more can be added
     */
    public static Builder rating(String interaction, Rating rating) {
        return on(interaction, LessonKind.RATING).put("rating", rating.value());
    }

    /**
     * How good the answer in {@code interaction} was, 0 to 1.
     *
     * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
     * @param reward 0 (bad) to 1 (good)
     * @return a builder to which more can be added
     */
    public static Builder reward(String interaction, double reward) {
        var builder = on(interaction, LessonKind.REWARD);
        builder.json.put("reward", reward);
        return builder;
    }

    /**
     * How well a whole episode went, 0 to 1.
     *
     * @param episode its id, at most 128 characters
     * @param reward 0 (bad) to 1 (good)
     * @return a builder to which more can be added
     */
    public static Builder episodeReward(String episode, double reward) {
        var builder = of(LessonKind.REWARD).put("episode", episode);
        builder.json.put("reward", reward);
        return builder;
    }

    /**
     * The answer {@code chosen} is better than {@code rejected}.
     *
     * @param chosen the better answer
     * @param rejected the worse answer
     * @return a builder to which more can be added
     */
    public static Builder preference(Side chosen, Side rejected) {
        var builder = of(LessonKind.PREFERENCE);
        builder.json.set("chosen", chosen.wire());
        builder.json.set("rejected", rejected.wire());
        return builder;
    }

    /**
     * What is wrong with the answer in {@code interaction}, in words.
     *
     * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
     * @param text what is wrong, in words
     * @return a builder to which more can be added
     */
    public static Builder critique(String interaction, String text) {
        return on(interaction, LessonKind.CRITIQUE).put("text", text);
    }

    /**
     * How {@code instance} should answer {@code messages}, without having been asked.
     *
     * @param instance the instance's id
     * @param messages the conversation, oldest first
     * @param answer the right answer, word for word
     * @return a builder to which more can be added
     */
    public static Builder example(String instance, List<Message> messages, String answer) {
        return example(instance, messages).put("answer", answer);
    }

    /**
     * Which tools {@code instance} should call for {@code messages}.
     *
     * @param instance the instance's id
     * @param messages the conversation, oldest first
     * @param calls the calls, in order
     * @return a builder to which more can be added
     */
    public static Builder example(String instance, List<Message> messages, List<ToolCall> calls) {
        return example(instance, messages).message("", calls);
    }

    private static Builder example(String instance, List<Message> messages) {
        var builder = of(LessonKind.EXAMPLE).put("instance", instance);
        var list = builder.json.putArray("messages");
        messages.forEach(message -> list.add(message.json()));
        return builder;
    }

    private static Builder on(String interaction, LessonKind kind) {
        return of(kind).put("interaction", interaction);
    }

    private static Builder of(LessonKind kind) {
        return new Builder().put("kind", kind.value());
    }

    /** {@return the kind of feedback that it is} */
    public LessonKind kind() {
        return LessonKind.of(text("kind"));
    }

    /** Adds to a word of feedback what may be added to any. */
    public static final class Builder {
        private final ObjectNode json = Wire.object();

        private Builder() {}

        private Builder put(String name, String value) {
            json.put(name, value);
            return this;
        }

        private Builder message(String content, List<ToolCall> calls) {
            json.set("message", Message.assistant(content, calls).json());
            return this;
        }

        /**
         * Who says it: an opaque id. By default the key's name.
         *
         * @param by an opaque id of a person or program
         * @return this builder
         */
        public Builder by(String by) {
            return put("by", by);
        }

        /**
         * Which of the interaction's answers, where there were several.
         *
         * @param choice counted from 0
         * @return this builder
         */
        public Builder choice(int choice) {
            json.put("choice", choice);
            return this;
        }

        /**
         * The tools that the conversation of an example offered, which its calls must be of.
         *
         * @param tools the functions, in any order
         * @return this builder
         */
        public Builder tools(List<Tool> tools) {
            var list = json.putArray("tools");
            tools.forEach(tool -> list.add(tool.json()));
            return this;
        }

        /**
         * The interaction that asked the question, for a preference between two written answers.
         *
         * @param interaction the id of an answer, {@link dev.apprentice.client.asking.Answer#id()}
         * @return this builder
         */
        public Builder interaction(String interaction) {
            return put("interaction", interaction);
        }

        /**
         * The feedback.
         *
         * @return the feedback, to be given
         */
        public Feedback build() {
            return new Feedback(json);
        }
    }
}
