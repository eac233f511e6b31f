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

    /** What was answered, where the lesson speaks of an answer. */
    public Optional<String> said() {
        return optionalText("said");
    }

    /** Good or bad, of a rating. */
    public Optional<Rating> rating() {
        return optionalText("rating").map(Rating::of);
    }

    /** How good the answer was, 0 to 1, of a reward. */
    public OptionalDouble reward() {
        return optionalDouble("reward");
    }

    /** The episode that was rewarded as a whole. */
    public Optional<String> episode() {
        return optionalText("episode");
    }

    /** What is wrong with the answer, in a critique's words. */
    public Optional<String> text() {
        return optionalText("text");
    }

    /** The better side of a preference. */
    public Optional<Side> chosen() {
        return optionalObject("chosen").map(Side::of);
    }

    /** The worse side of a preference. */
    public Optional<Side> rejected() {
        return optionalObject("rejected").map(Side::of);
    }

    /** How much the teacher's word weighed, 0 to 1. */
    public OptionalDouble trust() {
        return optionalDouble("trust");
    }

    /** When it was given. */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
