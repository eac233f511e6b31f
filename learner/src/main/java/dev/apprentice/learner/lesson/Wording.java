package dev.apprentice.learner.lesson;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * What two texts have to share to be the same to a person: everything but Unicode form, white space, case and the last
 * full stop.
 */
public final class Wording {
    private static final String LAST_MARKS = " \t\n\u000b\f\r.!?…,;:。！？、，؟،";

    /** Below it every letter is in NFC by itself and none combines with the one before it. */
    private static final int FIRST_COMBINING = 0x300;

    private Wording() {}

    /** {@code text} in Unicode NFC and lower case, white space as single blanks, without its final punctuation. */
    public static String plain(String text) {
        var plain =
                singleBlanks(composed(composed(text).toLowerCase(Locale.ROOT))).strip();
        int end = plain.length();
        while (end > 0 && LAST_MARKS.indexOf(plain.charAt(end - 1)) >= 0) {
            end--;
        }
        return end == 0 ? plain : plain.substring(0, end); // of nothing but marks, the marks are what matters
    }

    private static String composed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_COMBINING) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }
        return text;
    }

    private static String singleBlanks(String text) {
        var plain = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean before = blank;
            blank = c == ' ' || (c >= '\t' && c <= '\r') || Character.isSpaceChar(c);
            if (!blank) {
                plain.append(c);
            } else if (!before) {
                plain.append(' ');
            }
        }
        return plain.toString();
    }

    /** The words of {@link #plain}. */
    public static List<String> words(String text) {
        var plain = plain(text);
        return plain.isEmpty() ? List.of() : List.of(plain.split(" ", -1));
    }
}
