package dev.apprentice.engine.model;

import dev.apprentice.engine.BadModelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression from a stranger's file: short, and matched with a bound on the work. */
final class BoundedPattern {
    private static final int LENGTH_MAX = 500;
    private static final int STEPS_MAX = 100_000;

    private final Pattern pattern;
    private final String field;
    private final Blame blame;

    private BoundedPattern(Pattern pattern, String field, Blame blame) {
        this.pattern = pattern;
        this.field = field;
        this.blame = blame;
    }

    /** Compiles {@code source}, found in {@code field}, wrapped as {@code before + source + after}. */
    static BoundedPattern of(String before, String source, String after, String field, Blame blame) {
        if (source.length() > LENGTH_MAX) {
            throw blame.unsupported(field, "at most " + LENGTH_MAX + " characters", source);
        }
        try {
            var java = source.replace("(?P<", "(?<"); // Python's spelling of a named group
            return new BoundedPattern(Pattern.compile(before + java + after), field, blame);
        } catch (PatternSyntaxException e) {
            throw blame.damaged(field, "a regular expression", source + " (" + e.getDescription() + ")");
        }
    }

    /** Whether the whole of {@code text} matches. */
    boolean matches(String text) {
        return matcher(text).matches();
    }

    private Matcher matcher(String text) {
        return pattern.matcher(new Counted(text, 0, text.length(), new int[1]));
    }

    private BadModelException tooMuch() {
        return blame.unsupported(field, "a regular expression that is quick to match", pattern.pattern());
    }

    /** Text that counts how often it is looked at: backtracking can take exponential time. */
    private final class Counted implements CharSequence {
        private final String text;
        private final int from;
        private final int to;
        private final int[] steps;

        Counted(String text, int from, int to, int[] steps) {
            this.text = text;
            this.from = from;
            this.to = to;
            this.steps = steps;
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (++steps[0] > STEPS_MAX) {
                throw tooMuch();
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, from + start, from + end, steps);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
