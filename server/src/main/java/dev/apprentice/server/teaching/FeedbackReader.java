package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.openai.Messages;
import java.util.List;
import java.util.Set;

/** Reads the bodies of {@code POST /v1/feedback}. */
final class FeedbackReader {
    private static final Set<String> BUILT = Set.of("correction", "example");
    private static final Set<String> DESCRIBED = Set.of("rating", "reward", "preference", "critique");

    private FeedbackReader() {}

    /** What {@code body} says; {@code speaker} says it, unless it names somebody else. */
    static Feedback read(Fields body, String speaker) {
        var kind = body.requiredString("kind");
        var by = body.string("by").orElse(speaker);
        return switch (kind) {
            case "correction" ->
                new Feedback.Correction(
                        body.requiredString("interaction"),
                        body.integer("choice", 0, 127).orElse(0),
                        answer(body),
                        by);
            case "example" ->
                new Feedback.Example(body.requiredString("instance"), Messages.in(body), answer(body), by);
            default -> throw unknown(body, kind);
        };
    }

    /** {@code answer}, or {@code message} in OpenAI's form. */
    private static String answer(Fields body) {
        var message = body.object("message");
        if (message.isPresent() == body.has("answer")) {
            throw new InvalidRequestException(
                    message.isPresent() ? "invalid_value" : "missing_field",
                    "either answer or message must say what is right, found "
                            + (message.isPresent() ? "both" : "neither"),
                    Fault.of("answer", "a string", message.isPresent() ? "a message beside it" : "nothing"));
        }
        if (message.isEmpty()) {
            return body.requiredString("answer");
        }
        if (!message.get().list("tool_calls").orElse(List.of()).isEmpty()) {
            throw new NotBuiltException(
                    "not_built", "teaching calls of tools is not built yet", Fault.at("message.tool_calls"));
        }
        return Messages.text(message.get());
    }

    private static RuntimeException unknown(Fields body, String kind) {
        if (DESCRIBED.contains(kind)) {
            return new NotBuiltException(
                    "not_built",
                    "feedback of kind " + kind + " is not built yet; correction and example are",
                    Fault.of("kind", "correction or example", kind));
        }
        return body.wrongValue("kind", Fields.oneOf(BUILT), body.value("kind").orElseThrow());
    }
}
