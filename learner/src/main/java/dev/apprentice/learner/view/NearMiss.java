package dev.apprentice.learner.view;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A lesson's request about something else: its subject's words replaced by words that nobody ever said, of the same
 * kind. What the lesson taught must not be said to it.
 */
public final class NearMiss {
    private static final List<String> BEGINNINGS =
            List.of("bru", "cal", "dre", "fos", "gil", "hen", "jor", "kem", "lun", "mav", "nir", "pol", "quo", "ris");
    private static final List<String> ENDINGS =
            List.of("bar", "dow", "fen", "gar", "lin", "mot", "nex", "pur", "ros", "tam", "vik", "wen", "yel", "zon");

    private NearMiss() {}

    /**
     * The near miss of {@code lesson}, always the same.
     *
     * @param subject which words of the request are its subject
     * @return null if none is in its last user message
     */
    public static @Nullable List<ChatMessage> of(Lesson lesson, Predicate<String> subject) {
        int at = Views.lastUser(lesson.messages());
        if (at < 0) {
            return null;
        }
        var random = Seams.random(Views.seed(lesson));
        var others = new HashMap<String, String>();
        var text = new StringBuilder();
        for (var word : Word.of(lesson.messages().get(at).content(), "")) {
            text.append(subject.test(word.text()) ? another(word.text(), others, random) : word.text())
                    .append(word.gap());
        }
        return others.isEmpty() ? null : Views.replaced(lesson.messages(), at, text.toString());
    }

    /** Letters by made-up ones, digits by other digits; what is around them stays. */
    private static String another(String word, Map<String, String> others, RandomGenerator random) {
        int first = 0;
        while (first < word.length() && !Character.isLetterOrDigit(word.charAt(first))) {
            first++;
        }
        int end = word.length();
        while (end > first && !Character.isLetterOrDigit(word.charAt(end - 1))) {
            end--;
        }
        var core = word.substring(first, end);
        var other = others.computeIfAbsent(core.toLowerCase(Locale.ROOT), _ -> made(core, random));
        boolean capital = !core.isEmpty() && Character.isUpperCase(core.charAt(0));
        return word.substring(0, first)
                + (capital ? other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1) : other)
                + word.substring(end);
    }

    private static String made(String core, RandomGenerator random) {
        if (core.chars().noneMatch(Character::isDigit)) {
            return BEGINNINGS.get(random.nextInt(BEGINNINGS.size())) + ENDINGS.get(random.nextInt(ENDINGS.size()));
        }
        var digits = new StringBuilder();
        for (int i = 0; i < core.length(); i++) {
            char letter = core.charAt(i);
            digits.append(
                    Character.isDigit(letter) ? (char) ('0' + (letter - '0' + 1 + random.nextInt(8)) % 10) : letter);
        }
        return digits.toString();
    }
}
