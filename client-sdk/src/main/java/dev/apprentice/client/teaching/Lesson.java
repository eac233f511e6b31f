package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
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

    /**
     * What the wire calls a lesson.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static Lesson of(ObjectNode json) {
        return new Lesson(json);
    }

    /** {@return its id} */
    public String id() {
        return text("id");
    }

    /** {@return who was taught} */
    public String instance() {
        return optionalText("instance").orElse("");
    }

    /** {@return the kind of feedback that it was made of} */
    public LessonKind kind() {
        return LessonKind.of(optionalText("kind").orElse(""));
    }

    /** {@return where it stands} */
    public LessonState state() {
        return LessonState.of(text("state"));
    }

    /** {@return why it is rejected, parked or held} */
    public Optional<String> reason() {
        return optionalText("reason");
    }

    /** {@return whether the live checkpoint passes the exam items made of it; nothing before it was examined} */
    public Optional<Boolean> passes() {
        return optionalBool("passes");
    }

    /** {@return the number of the first checkpoint that carried it} */
    public OptionalInt checkpoint() {
        return optionalInt("checkpoint");
    }

    /** {@return whether no promotion may lose it} */
    public boolean pinned() {
        return bool("pinned", false);
    }

    /** {@return who taught it} */
    public String by() {
        return optionalText("by").orElse("");
    }

    /** {@return the id of the answer that it speaks of; nothing for an example} */
    public Optional<String> interaction() {
        return optionalText("interaction");
    }

    /** {@return the conversation that the lesson answers} */
    public List<Message> messages() {
        return objects("messages", Message::of);
    }

    /** {@return the answer that is right, where its kind says one} */
    public Optional<String> answer() {
        return optionalText("answer");
    }

    /** {@return the calls of tools that are right, in order; empty where words are} */
    public List<ToolCall> toolCalls() {
        return optionalObject("message")
                .map(Message::of)
                .map(Message::toolCalls)
                .orElse(List.of());
    }

    /** {@return the tools that the conversation offered; empty where the lesson calls none} */
    public List<Tool> tools() {
        return objects("tools", Tool::of);
    }

    /** {@return what was answered, where the lesson speaks of an answer} */
    public Optional<String> said() {
        return optionalText("said");
    }

    /** {@return whether the answer was good or bad, where the lesson is a rating or what a next turn says} */
    public Optional<Rating> rating() {
        return optionalText("rating").map(Rating::of);
    }

    /** {@return how good the answer was, 0 to 1, where the lesson is a reward} */
    public OptionalDouble reward() {
        return optionalDouble("reward");
    }

    /** {@return the episode that was rewarded as a whole, where one was} */
    public Optional<String> episode() {
        return optionalText("episode");
    }

    /** {@return what is wrong with the answer in a critique's words, where the lesson is one} */
    public Optional<String> text() {
        return optionalText("text");
    }

    /** {@return what the user's next turn said of the answer: {@code repeated}, {@code rejected} or {@code thanked}} */
    public Optional<String> sign() {
        return optionalText("sign");
    }

    /** {@return the interaction that brought that turn} */
    public Optional<String> next() {
        return optionalText("next");
    }

    /** {@return the lesson that changed a fact, of which this is another wording; nothing where it was said itself} */
    public Optional<String> changedWith() {
        return optionalText("changed_with");
    }

    /** {@return the lesson with the old answer to this request, where it changed with another} */
    public Optional<String> changedFrom() {
        return optionalText("changed_from");
    }

    /** {@return the lesson in whose place it speaks, where a checkpoint had learnt that one} */
    public Optional<String> overrules() {
        return optionalText("overrules");
    }

    /** {@return the better side, where the lesson is a preference} */
    public Optional<Side> chosen() {
        return optionalObject("chosen").map(Side::of);
    }

    /** {@return the worse side, where the lesson is a preference} */
    public Optional<Side> rejected() {
        return optionalObject("rejected").map(Side::of);
    }

    /** {@return how much the teacher's word weighed, 0 to 1} */
    public OptionalDouble trust() {
        return optionalDouble("trust");
    }

    /** {@return when it was given} */
    public Optional<Instant> created() {
        return optionalInstant("created");
    }
}
