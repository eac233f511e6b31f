package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.value.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What an instance was taught, and how far it has learnt it. */
public final class Lesson extends JsonValue {
    private Lesson(ObjectNode json) {
        super(json);
        id();
        state();
    }

    /** What the wire calls a lesson. */
    public static Lesson of(ObjectNode json) {
        return new Lesson(json);
    }

    /** Its id. */
    public String id() {
        return text("id");
    }

    /** Who was taught. */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** What kind of feedback it was made of. */
    public LessonKind kind() {
        return LessonKind.of(optionalText("kind").orElse(""));
    }

    /** Where it stands. */
    public LessonState state() {
        return LessonState.of(text("state"));
    }

    /** Why it is rejected, parked or held. */
    public Optional<String> reason() {
        return optionalText("reason");
    }

    /** Whether the live checkpoint passes the exam items made of it; nothing before it was examined. */
    public Optional<Boolean> passes() {
        return optionalBool("passes");
    }

    /** The first checkpoint that carried it. */
    public OptionalInt checkpoint() {
        return optionalInt("checkpoint");
    }

    /** Whether no promotion may lose it. */
    public boolean pinned() {
        return bool("pinned", false);
    }

    /** Who taught it. */
    public String by() {
        return optionalText("by").orElse("");
    }

    /** The interaction that it speaks of. */
    public Optional<String> interaction() {
        return optionalText("interaction");
    }

    /** The question. */
    public List<Message> messages() {
        return objects("messages", Message::of);
    }

    /** The answer that is right. */
    public Optional<String> answer() {
        return optionalText("answer");
    }

    /** How good the answer was. */
    public OptionalDouble reward() {
        return optionalDouble("reward");
    }

    /** When it was given. */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
