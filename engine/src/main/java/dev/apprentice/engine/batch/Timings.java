package dev.apprentice.engine.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an answer went from one stage to the next; a stage that it has not reached is null.
 *
 * @param submitted it was handed in and waits for a place in the batch
 * @param placed it has a place and its prompt is read
 * @param first its first token was chosen
 * @param ended nothing more comes
 */
public record Timings(
        Instant submitted,
        @Nullable Instant placed,
        @Nullable Instant first,
        @Nullable Instant ended) {

    static Timings of(Instant submitted) {
        return new Timings(submitted, null, null, null);
    }

    Timings placed(Instant now) {
        return new Timings(submitted, now, first, ended);
    }

    Timings first(Instant now) {
        return new Timings(submitted, placed, now, ended);
    }

    Timings ended(Instant now) {
        return new Timings(submitted, placed, first, now);
    }
}
