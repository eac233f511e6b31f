package dev.apprentice.learner.study;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When lessons that wait make a study worth while (docs/learning.md).
 *
 * @param byItself whether one starts without being asked for
 * @param quiet time without a new lesson after which fewer do than an instance's policy wants
 * @param patience time that a lesson waits at most for others
 */
public record StudyStart(boolean byItself, Duration quiet, Duration patience) {
    /** As measured in docs/learning.md. */
    public static final StudyStart DEFAULT = new StudyStart(true, Duration.ofSeconds(3), Duration.ofSeconds(10));

    /**
     * How long from {@code now} until a study is due; null if nothing waits, or if it has to be asked for.
     *
     * @param waits what waits
     * @param enough how many lessons are enough by themselves
     */
    @Nullable
    Duration due(Waits waits, int enough, Instant now) {
        var newest = waits.newest();
        var oldest = waits.oldest();
        if (newest == null || oldest == null || !byItself) {
            return null;
        }
        if (waits.given() >= enough) {
            return Duration.ZERO;
        }
        var afterQuiet = newest.plus(quiet);
        var afterPatience = oldest.plus(patience);
        var at = afterQuiet.isBefore(afterPatience) ? afterQuiet : afterPatience;
        return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    }
}
