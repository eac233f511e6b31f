package dev.apprentice.server.bench.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question.
 *
 * @param text what is asked
 * @param learn whether feedback on the answer may teach
 * @param choices the answer is one of these; none means any text
 * @param sampled whether the answer is drawn at temperature 1 instead of the most likely one
 * @param episode the task that it belongs to, or null
 */
record Ask(
        String text,
        boolean learn,
        List<String> choices,
        boolean sampled,
        @Nullable String episode) {
    Ask {
        choices = List.copyOf(choices);
    }

    /** One whose answer may be graded. */
    static Ask graded(String text) {
        return new Ask(text, true, List.of(), false, null);
    }

    /** One that teaches nothing, whatever comes of it. */
    static Ask only(String text) {
        return new Ask(text, false, List.of(), false, null);
    }

    /** A step of a task, with an answer drawn from {@code choices}. */
    static Ask step(String text, List<String> choices, String episode) {
        return new Ask(text, true, choices, true, episode);
    }

    /** The same among {@code choices}, by the most likely one, to look only. */
    static Ask among(String text, List<String> choices) {
        return new Ask(text, false, choices, false, null);
    }
}
