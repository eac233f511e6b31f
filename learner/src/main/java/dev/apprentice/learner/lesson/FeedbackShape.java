package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.ChatMessage;
import java.util.List;

/** What every piece of feedback must be, whatever it speaks of. */
final class FeedbackShape {
    private static final int NAME_MAX = 256;

    private FeedbackShape() {}

    static void check(Feedback feedback) {
        text("answer", feedback.answer());
        if (feedback.answer().isBlank()) {
            throw bad("missing_value", "answer", "what should be answered", "nothing");
        }
        text("by", feedback.by());
        if (feedback.by().isBlank() || feedback.by().length() > NAME_MAX) {
            throw bad(
                    "invalid_value",
                    "by",
                    "1 to " + NAME_MAX + " characters",
                    feedback.by().length() + " characters");
        }
        switch (feedback) {
            case Feedback.Correction correction -> text("interaction", correction.interaction());
            case Feedback.Example example -> conversation(example.messages());
        }
    }

    /** An Idempotency-Key has to fit a column and a log. */
    static void checkKey(String key) {
        if (key.isBlank() || key.length() > NAME_MAX) {
            throw bad(
                    "invalid_value",
                    "Idempotency-Key",
                    "1 to " + NAME_MAX + " characters",
                    key.length() + " characters");
        }
    }

    private static void conversation(List<ChatMessage> messages) {
        if (messages.isEmpty()) {
            throw bad("missing_value", "messages", "at least one message", "none");
        }
        for (var i = 0; i < messages.size(); i++) {
            text("messages[" + i + "].content", messages.get(i).content());
        }
        var last = messages.getLast().role();
        if (!last.equals("user") && !last.equals("tool")) {
            throw bad("invalid_value", "messages", "a conversation that ends with the user's or a tool's turn", last);
        }
    }

    /** Half a character could be stored, but never be the same again. */
    private static void text(String field, String text) {
        for (var i = 0; i < text.length(); i++) {
            var at = text.charAt(i);
            if (Character.isHighSurrogate(at)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(at)) {
                throw bad("invalid_text", field, "Unicode text", "an unpaired surrogate at " + i);
            }
        }
    }

    private static InvalidRequestException bad(String code, String field, String expected, String found) {
        return new InvalidRequestException(
                code, field + " must be " + expected + ", found " + found, Fault.of(field, expected, found));
    }
}
