package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.lesson.Wording;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The words of a request, cut to a stem that most endings leave alone. */
final class Words {
    /** Letters that a stem keeps: enough to tell words apart, few enough to join "deliver" and "delivery". */
    private static final int STEM = 5;

    private Words() {}

    /** The words of all messages, system messages aside: what is always said tells nothing. */
    static Set<String> of(List<ChatMessage> messages) {
        var words = new HashSet<String>();
        for (var message : messages) {
            if (!Conversation.system(message)) {
                words.addAll(of(message.content()));
            }
        }
        return words;
    }

    static Set<String> of(String text) {
        var plain = Wording.plain(text);
        var words = new HashSet<String>();
        int start = -1;
        for (int i = 0; i < plain.length(); ) {
            int point = plain.codePointAt(i);
            if (!partOfWord(point)) {
                addFrom(plain, start, i, words);
                start = -1;
            } else if (start < 0) {
                start = i;
            }
            i += Character.charCount(point);
        }
        addFrom(plain, start, plain.length(), words);
        return words;
    }

    private static void addFrom(String plain, int start, int end, Set<String> words) {
        if (start >= 0) {
            words.add(stem(plain.substring(start, end)));
        }
    }

    /** Letters and numbers of all kinds. */
    private static boolean partOfWord(int point) {
        return switch (Character.getType(point)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> Character.isLetter(point);
        };
    }

    private static String stem(String word) {
        return word.length() <= STEM || hasDigit(word) ? word : word.substring(0, STEM);
    }

    private static boolean hasDigit(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (Character.isDigit(word.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
