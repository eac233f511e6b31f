package dev.apprentice.learner.view;

import dev.apprentice.learner.lesson.Wording;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A word of a request.
 *
 * @param text as it stands there, punctuation included
 * @param gap the white space after it
 * @param free whether a view may change or leave out the word
 */
record Word(String text, String gap, boolean free) {
    private static final Pattern WORD = Pattern.compile("(\\S+)(\\s*)");

    /**
     * The words of {@code request}. Not free are numbers, what stands in quotes or code, names (capitals inside a
     * sentence) and whatever the answer says too.
     */
    static List<Word> of(String request, String answer) {
        Set<String> answered = new HashSet<>(bare(answer));
        var words = new ArrayList<Word>();
        boolean first = true;
        boolean quoted = false;
        var found = WORD.matcher(request.strip());
        while (found.find()) {
            var text = found.group(1);
            boolean opens = text.matches("[\"'`“„«(\\[{].*");
            boolean closes = text.matches(".*[\"'`”“»)\\]}][.,;:!?]*");
            boolean bound = quoted
                    || opens
                    || closes
                    || text.chars().anyMatch(Character::isDigit)
                    || text.matches(".*[@/\\\\_#<>=].*")
                    || (!first && text.codePoints().anyMatch(Character::isUpperCase))
                    || bare(text).stream().anyMatch(answered::contains);
            words.add(new Word(text, found.group(2), !bound));
            quoted = (quoted || opens) && !closes;
            first = text.matches(".*[.?!:][\"'”»)]*");
        }
        return words;
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
