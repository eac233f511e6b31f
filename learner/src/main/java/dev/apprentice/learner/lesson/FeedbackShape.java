package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.store.Columns;
import java.util.List;

/** What every piece of feedback must be, whatever it speaks of. */
final class FeedbackShape {
    private static final int NAME_MAX = 256;

    private FeedbackShape() {}

    static void check(Feedback feedback) {
        if (feedback instanceof Feedback.Teaching teaching) {
            if (teaching.calls().isEmpty()) {
                words("answer", teaching.answer(), "what should be answered");
            } else {
                text("message.content", teaching.answer());
                text("message.tool_calls", Columns.json(teaching.calls()));
            }
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
            case Feedback.Rating rating -> text("interaction", rating.interaction());
            case Feedback.Reward reward -> share(reward.reward());
            case Feedback.EpisodeReward reward -> share(reward.reward());
            case Feedback.Preference preference -> {
                side("chosen", preference.chosen());
                side("rejected", preference.rejected());
            }
            case Feedback.Implicit _ -> {} // nobody wrote it
            case Feedback.Critique critique -> words("text", critique.text(), "what is wrong, in words");
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

    private static void side(String field, Feedback.Side side) {
        if (side instanceof Feedback.Written written) {
            words(field + ".answer", written.answer(), "an answer");
        }
    }

    /** Not a number compares as neither, so it is refused too. */
    private static void share(double reward) {
        if (!(reward >= 0 && reward <= 1)) {
            throw bad("invalid_value", "reward", "a number from 0 to 1", Double.toString(reward));
        }
    }

    private static void words(String field, String words, String what) {
        text(field, words);
        if (words.isBlank()) {
            throw bad("missing_value", field, what, "nothing");
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
