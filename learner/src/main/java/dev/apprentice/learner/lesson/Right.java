package dev.apprentice.learner.lesson;

import dev.apprentice.learner.instance.Match;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** RIGHT of docs/learning.md: whether an answer is the wanted one. Exam, history and test-then-train all ask here. */
public final class Right {
    private static final double F1_MIN = 0.8;

    /** Wanted answers of more words are judged by overlap even where the policy says exact (about 16 tokens). */
    private static final int EXACT_WORDS_MAX = 12;

    private Right() {}

    /** Whether {@code answer} is what {@code lesson} wants: calls of tools as canonical JSON, text by {@code match}. */
    public static boolean holds(Match match, String answer, Lesson lesson) {
        var calls = lesson.reply().toolCalls();
        return calls.isEmpty()
                ? holds(match, answer, lesson.answer())
                : SaidCall.in(answer).equals(SaidCall.of(calls));
    }

    /** Whether {@code answer} is right where {@code wanted} is, by {@code match}. */
    public static boolean holds(Match match, String answer, String wanted) {
        return switch (match) {
            case EXACT ->
                Wording.plain(answer).equals(Wording.plain(wanted))
                        || (Wording.words(wanted).size() > EXACT_WORDS_MAX && f1(answer, wanted) >= F1_MIN);
            case CONTAINS -> Wording.plain(answer).contains(Wording.plain(wanted));
            case F1 -> f1(answer, wanted) >= F1_MIN;
            case REGEX -> matches(answer, wanted);
        };
    }

    /** Harmonic mean of the shares of words that each has in common with the other, counted with repeats. */
    static double f1(String answer, String wanted) {
        List<String> said = Wording.words(answer);
        List<String> right = Wording.words(wanted);
        if (said.isEmpty() || right.isEmpty()) {
            return said.equals(right) ? 1 : 0;
        }
        var left = new HashMap<String, Integer>();
        right.forEach(word -> left.merge(word, 1, Integer::sum));
        var common = 0;
        for (var word : said) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return 2.0 * common / (said.size() + right.size());
    }

    private static boolean matches(String answer, String wanted) {
        try {
            var patience = new Patience(answer.strip());
            return Pattern.compile(wanted.strip()).matcher(patience).matches();
        } catch (PatternSyntaxException e) {
            return Wording.plain(answer).equals(Wording.plain(wanted));
        } catch (OutOfPatience e) {
            return false;
        }
    }

    /**
     * A text that can be looked at so often and no oftener: a teacher's pattern must not hold the learner for hours.
     */
    private record Patience(CharSequence text, AtomicInteger left) implements CharSequence {
        private static final int LOOKS = 1_000_000;

        Patience(CharSequence text) {
            this(text, new AtomicInteger(LOOKS));
        }

        @Override
        public char charAt(int index) {
            if (left.getAndDecrement() <= 0) {
                throw new OutOfPatience();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Patience(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class OutOfPatience extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfPatience() {
            super("too many looks", null, false, false);
        }
    }
}
