package dev.apprentice.server.teaching;

import dev.apprentice.learner.lesson.Lesson;
import java.util.List;

/**
 * What became of a withdrawal by a filter.
 *
 * @param withdrawn how many lessons are gone from recall
 * @param learnt how many of them checkpoints still know
 * @param note the same in words
 */
public record Withdrawn(int withdrawn, int learnt, String note) {
    static Withdrawn of(List<Lesson> gone) {
        var learnt = (int)
                gone.stream().filter(lesson -> lesson.checkpoint() != null).count();
        return new Withdrawn(
                gone.size(),
                learnt,
                learnt == 0
                        ? "gone from recall; no checkpoint has learnt them"
                        : "gone from recall; the weights are built anew without the " + learnt
                                + " that checkpoints know,"
                                + " and the report says when no live weights know them any more");
    }
}
