package dev.apprentice.learner.lesson;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Optional;

/**
 * A user's next turn in a conversation, where it is a sign of how good the answer before it was.
 *
 * @param before what had been asked when that answer was given
 * @param answer its text, as the client shows it now
 * @param sign what the turn says of it
 */
public record NextTurn(List<ChatMessage> before, String answer, Sign sign) {
    /** The least that a conversation has that goes on: a question, an answer, a turn. */
    private static final int TURNS_MIN = 3;

    public NextTurn {
        before = List.copyOf(before);
    }

    /** What the last turn of {@code messages} says of the answer before it; empty if it says nothing for certain. */
    public static Optional<NextTurn> of(List<ChatMessage> messages) {
        int last = messages.size() - 1;
        if (messages.size() < TURNS_MIN
                || !messages.get(last).role().equals("user")
                || !messages.get(last - 1).role().equals("assistant")
                || !messages.get(last - 1).toolCalls().isEmpty()) {
            return Optional.empty();
        }
        var before = messages.subList(0, last - 1);
        var asked = before.getLast().role().equals("user") ? before.getLast().content() : null;
        return Sign.of(asked, messages.get(last).content())
                .map(sign -> new NextTurn(before, messages.get(last - 1).content(), sign));
    }
}
