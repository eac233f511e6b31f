package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.lesson.Wording;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words of a request, cut to a stem that most endings leave alone. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** Letters that a stem keeps: enough to tell words apart, few enough to join "deliver" and "delivery". */
    private static final int STEM = 5;

    private Words() {}

    /** The words of all messages, system messages aside: what is always said tells nothing. */
    static Set<String> of(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> !Conversation.system(message))
                .flatMap(message -> of(message.content()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    static Set<String> of(String text) {
        return WORD.matcher(Wording.plain(text))
                .results()
                .map(found -> stem(found.group()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String stem(String word) {
        boolean number = word.chars().anyMatch(Character::isDigit);
        return number || word.length() <= STEM ? word : word.substring(0, STEM);
    }
}
