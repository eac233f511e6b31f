package dev.apprentice.learner.study;

import dev.apprentice.learner.lesson.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What makes a study due. Immutable.
 *
 * @param given how many lessons wait that say what to answer
 * @param oldest when the first of them was given, null if there is none
 * @param newest when the last was
 * @param judged how many say how good an answer was, thumbs aside: these have time until there are enough
 */
record Waits(int given, @Nullable Instant oldest, @Nullable Instant newest, int judged) {
    static final Waits NONE = new Waits(0, null, null, 0);

    /** The same and one more. */
    Waits with(Waiting lesson) {
        if (!lesson.kind().teaches()) {
            return new Waits(given, oldest, newest, judged + 1);
        }
        var at = lesson.created();
        return new Waits(
                given + 1,
                oldest == null || at.isBefore(oldest) ? at : oldest,
                newest == null || at.isAfter(newest) ? at : newest,
                judged);
    }

    /** The same without what was judged. */
    Waits withoutJudged() {
        return new Waits(given, oldest, newest, 0);
    }
}
