package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.Message;
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

    /** What would have been the right answer in {@code interaction}. */
    public static Builder correction(String interaction, String answer) {
        return on(interaction, LessonKind.CORRECTION).put("answer", answer);
    }

    /** Which tools should have been called in {@code interaction}. */
    public static Builder correction(String interaction, List<ToolCall> calls) {
        return on(interaction, LessonKind.CORRECTION).message("", calls);
    }

    /** The answer in {@code interaction} was good, or bad. */
    public static Builder rating(String interaction, Rating rating) {
        return on(interaction, LessonKind.RATING).put("rating", rating.value());
    }

    /** How good the answer in {@code interaction} was, 0 to 1. */
    public static Builder reward(String interaction, double reward) {
        var builder = on(interaction, LessonKind.REWARD);
        builder.json.put("reward", reward);
        return builder;
    }

    /** How well a whole episode went, 0 to 1. */
    public static Builder episodeReward(String episode, double reward) {
        var builder = of(LessonKind.REWARD).put("episode", episode);
        builder.json.put("reward", reward);
        return builder;
    }

    /** The answer {@code chosen} is better than {@code rejected}. */
    public static Builder preference(Side chosen, Side rejected) {
        var builder = of(LessonKind.PREFERENCE);
        builder.json.set("chosen", chosen.wire());
        builder.json.set("rejected", rejected.wire());
        return builder;
    }

    /** What is wrong with the answer in {@code interaction}, in words. */
    public static Builder critique(String interaction, String text) {
        return on(interaction, LessonKind.CRITIQUE).put("text", text);
    }

    /** How {@code instance} should answer {@code messages}, without having been asked. */
    public static Builder example(String instance, List<Message> messages, String answer) {
        return example(instance, messages).put("answer", answer);
    }

    /** Which tools {@code instance} should call for {@code messages}. */
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

    /** Of what kind it is. */
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

        /** Who says it: an opaque id. By default the key's name. */
        public Builder by(String by) {
            return put("by", by);
        }

        /** Which of the interaction's answers, where there were several. */
        public Builder choice(int choice) {
            json.put("choice", choice);
            return this;
        }

        /** The interaction that asked the question, for a preference between two written answers. */
        public Builder interaction(String interaction) {
            return put("interaction", interaction);
        }

        /** The feedback. */
        public Feedback build() {
            return new Feedback(json);
        }
    }
}
