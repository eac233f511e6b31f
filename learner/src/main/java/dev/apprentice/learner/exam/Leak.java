package dev.apprentice.learner.exam;

import dev.apprentice.learner.lesson.Wording;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Whether a general answer says what a lesson taught. */
final class Leak {
    private Leak() {}

    /**
     * Whether {@code text} says {@code answer}: its words somewhere, one after the other; a single word, which may be
     * an ordinary one such as "no" or "positive", only where the text begins with it.
     */
    static boolean says(String text, String answer) {
        var said = words(text);
        var taught = words(answer);
        return switch (taught.size()) {
            case 0 -> Wording.plain(text).equals(Wording.plain(answer)); // nothing but marks
            case 1 -> !said.isEmpty() && said.getFirst().equals(taught.getFirst());
            default -> Collections.indexOfSubList(said, taught) >= 0;
        };
    }

    private static List<String> words(String text) {
        return Arrays.stream(Wording.plain(text).split("[^\\p{L}\\p{N}]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
