package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.openai.Messages;
import java.util.Set;

/** Reads the bodies of {@code POST /v1/feedback}. */
public final class FeedbackReader {
    private static final Set<String> KINDS =
            Set.of("correction", "example", "rating", "reward", "preference", "critique");
    private static final Set<String> RATINGS = Set.of("up", "down");
    private static final int CHOICE_MAX = 127;

    private FeedbackReader() {}

    /** The feedback in {@code body}, which is the word of {@code caller} where it names nobody. */
    public static Feedback read(Fields body, String caller) {
        var kind = body.requiredString("kind");
        var by = body.string("by").orElse(caller);
        return switch (kind) {
            case "correction" -> {
                var reply = reply(body);
                yield new Feedback.Correction(interaction(body), choice(body), reply.content(), reply.toolCalls(), by);
            }
            case "example" -> example(body, body.requiredString("instance"), by);
            case "rating" ->
                new Feedback.Rating(
                        interaction(body),
                        choice(body),
                        body.requiredChoice("rating", RATINGS).equals("up"),
                        by);
            case "reward" -> reward(body, by);
            case "preference" ->
                new Feedback.Preference(
                        body.string("interaction").orElse(null), side(body, "chosen"), side(body, "rejected"), by);
            case "critique" -> new Feedback.Critique(interaction(body), choice(body), body.requiredString("text"), by);
            default ->
                throw body.wrongValue(
                        "kind", Fields.oneOf(KINDS), body.value("kind").orElseThrow());
        };
    }

    private static String interaction(Fields body) {
        return body.requiredString("interaction");
    }

    private static int choice(Fields body) {
        return body.integer("choice", 0, CHOICE_MAX).orElse(0);
    }

    private static Feedback reward(Fields body, String by) {
        double reward = body.number("reward", 0, 1).orElseThrow(() -> body.missing("reward", "a number from 0 to 1"));
        if (!body.has("episode")) {
            return new Feedback.Reward(interaction(body), choice(body), reward, by);
        }
        if (body.has("interaction")) {
            throw new InvalidRequestException(
                    "invalid_value",
                    "a reward is for an interaction or for an episode, found both",
                    Fault.of("episode", "nothing beside interaction", "both"));
        }
        return new Feedback.EpisodeReward(
                body.requiredString("episode"), body.string("instance").orElse(null), reward, by);
    }

    /** An answer's id, {@code {"interaction","choice"}} where it is not the first choice, or {@code {"answer"}}. */
    private static Feedback.Side side(Fields body, String field) {
        var node = body.value(field).orElseThrow(() -> body.missing(field, "an answer's id or {\"answer\"}"));
        if (node.isTextual()) {
            return new Feedback.Given(node.textValue(), 0);
        }
        var side = Fields.of(node, body.name(field));
        return side.has("interaction")
                ? new Feedback.Given(interaction(side), choice(side))
                : new Feedback.Written(side.requiredString("answer"));
    }

    /** A question with its right answer, for {@code instance} to learn. */
    static Feedback.Example example(Fields body, String instance, String by) {
        var messages = Messages.in(body);
        var reply = reply(body);
        return new Feedback.Example(instance, messages, reply.content(), reply.toolCalls(), ToolFields.shown(body), by);
    }

    /** {@code answer}, or {@code message} in OpenAI's form. */
    private static ChatMessage reply(Fields body) {
        var message = body.object("message");
        if (message.isPresent() == body.has("answer")) {
            throw new InvalidRequestException(
                    message.isPresent() ? "invalid_value" : "missing_field",
                    "either answer or message must say what is right, found "
                            + (message.isPresent() ? "both" : "neither"),
                    Fault.of("answer", "a string", message.isPresent() ? "a message beside it" : "nothing"));
        }
        return message.map(Messages::reply).orElseGet(() -> ChatMessage.of("assistant", body.requiredString("answer")));
    }
}
