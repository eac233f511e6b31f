package dev.apprentice.learner.lesson;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What two texts have to share to be the same to a person: everything but Unicode form, white space, case and the last
 * full stop.
 */
public final class Wording {
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern LAST_MARKS = Pattern.compile("[\\s.!?…,;:。！？、，؟،]+$");

    private Wording() {}

    /** {@code text} in Unicode NFC and lower case, white space as single blanks, without its final punctuation. */
    public static String plain(String text) {
        var lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        var plain = BLANKS.matcher(Normalizer.normalize(lower, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip();
        var bare = LAST_MARKS.matcher(plain).replaceFirst("");
        return bare.isEmpty() ? plain : bare; // of a text that is nothing but marks, the marks are what matters
    }

    /** The words of {@link #plain}. */
    public static List<String> words(String text) {
        var plain = plain(text);
        return plain.isEmpty() ? List.of() : List.of(plain.split(" ", -1));
    }
}
