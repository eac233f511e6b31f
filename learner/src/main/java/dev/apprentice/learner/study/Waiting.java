package dev.apprentice.learner.study;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When lessons that wait make a study worth while (LEARNING.md, section 9, STUDY). */
final class Waiting {
    private Waiting() {}

    /**
     * How long from {@code now} until a study is due; null if nothing waits.
     *
     * @param given when the waiting lessons were given
     * @param enough how many are enough by themselves
     */
    static @Nullable Duration due(List<Instant> given, int enough, Instant now, StudyPlan plan) {
        if (given.isEmpty()) {
            return null;
        }
        if (given.size() >= enough) {
            return Duration.ZERO;
        }
        var newest = given.stream().max(Instant::compareTo).orElseThrow();
        var oldest = given.stream().min(Instant::compareTo).orElseThrow();
        var quiet = newest.plus(plan.quiet());
        var patience = oldest.plus(plan.patience());
        var at = quiet.isBefore(patience) ? quiet : patience;
        return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    }
}
