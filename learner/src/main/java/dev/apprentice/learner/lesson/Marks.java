package dev.apprentice.learner.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The words of a request, and which of them make it this one and no other: numbers, quotes, code and names. */
public final class Marks {
    private static final Pattern WORD = Pattern.compile("(\\S+)(\\s*)");

    private Marks() {}

    /**
     * A word.
     *
     * @param text as it stands there, punctuation included
     * @param gap the white space after it
     * @param bound whether it is a number, stands in quotes or code, or is a name (capitals inside a sentence)
     */
    public record Word(String text, String gap, boolean bound) {}

    /** The words of {@code request}. */
    public static List<Word> of(String request) {
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
                    || (!first && text.codePoints().anyMatch(Character::isUpperCase));
            words.add(new Word(text, found.group(2), bound));
            quoted = (quoted || opens) && !closes;
            first = text.matches(".*[.?!:][\"'”»)]*");
        }
        return words;
    }
}
