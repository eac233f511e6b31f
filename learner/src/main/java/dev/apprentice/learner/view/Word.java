package dev.apprentice.learner.view;

import dev.apprentice.learner.lesson.Marks;
import dev.apprentice.learner.lesson.Wording;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A word of a request.
 *
 * @param text as it stands there, punctuation included
 * @param gap the white space after it
 * @param free whether a view may change or leave out the word
 */
record Word(String text, String gap, boolean free) {
    /**
     * The words of {@code request}. Not free are numbers, what stands in quotes or code, names (capitals inside a
     * sentence) and whatever the answer says too.
     */
    static List<Word> of(String request, String answer) {
        Set<String> answered = new HashSet<>(bare(answer));
        return Marks.of(request).stream()
                .map(word -> new Word(
                        word.text(),
                        word.gap(),
                        !word.bound() && bare(word.text()).stream().noneMatch(answered::contains)))
                .toList();
    }

    Word as(String other) {
        return new Word(other, gap, free);
    }

    boolean longEnough() {
        return text.codePoints().filter(Character::isLetter).count() >= 4;
    }

    private static List<String> bare(String text) {
        return Wording.words(text.replaceAll("[^\\p{L}\\p{N}]+", " "));
    }
}
