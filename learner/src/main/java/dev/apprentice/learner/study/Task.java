package dev.apprentice.learner.study;

import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.Turnover;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.LiveAdapter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate is to learn. Immutable.
 *
 * @param origin a study goes on from {@code start}, a rebuild reads everything as if it were new
 * @param fresh what the candidate must have learnt
 * @param old what it must not have lost
 * @param heard judged answers, new and old
 * @param start weights to go on from, null for the base
 * @param live what serves
 * @param turnover what it tends to lose
 */
record Task(
        Origin origin,
        List<Lesson> fresh,
        List<Lesson> old,
        Heard heard,
        @Nullable LoraAdapter start,
        @Nullable LiveAdapter live,
        Turnover turnover) {
    Task {
        fresh = List.copyOf(fresh);
        old = List.copyOf(old);
    }

    /** What a candidate is made of. */
    enum Origin {
        STUDY,
        REBUILD;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same from the base: for an adapter of another shape than the one that a study would go on from. */
    Task fromBase() {
        return start == null ? this : new Task(Origin.REBUILD, fresh, old, heard, null, live, turnover);
    }

    Task with(List<Lesson> fresh) {
        return new Task(origin, fresh, old, heard, start, live, turnover);
    }

    /**
     * What is tried after it failed. What failed beside new judged answers is tried again without them: thumbs must not
     * cost a correction. A study's start knows the old ones; a rebuild starts from nothing and has to read them.
     */
    Task again() {
        boolean rebuild = origin == Origin.REBUILD;
        if (fresh.isEmpty() && !rebuild) {
            return this; // judged answers are all it is about
        }
        return new Task(origin, fresh, old, rebuild ? heard.known() : Heard.NOTHING, start, live, turnover);
    }

    /** What is read as new. */
    List<Lesson> reads() {
        return origin == Origin.REBUILD
                ? Stream.concat(fresh.stream(), old.stream()).toList()
                : fresh;
    }

    /** What is read so that it is not lost. */
    List<Lesson> replays() {
        return origin == Origin.REBUILD ? List.of() : old;
    }

    /** Ids of judged lessons that the start knows. */
    Set<String> heardBefore() {
        return origin == Origin.REBUILD ? Set.of() : heard.old();
    }

    /** How many lessons are read as new. */
    int size() {
        return reads().size() + heard.lessons().size() - heardBefore().size();
    }

    /** How many lessons are new. */
    int lessons() {
        return fresh.size() + heard.fresh().size();
    }

    /** Ids of what is new: of judged answers where they are all that is. */
    List<String> offered() {
        return fresh.isEmpty()
                ? List.copyOf(heard.fresh())
                : fresh.stream().map(Lesson::id).toList();
    }

    /** Ids of what was lost before and of what {@code report} says was not right: read more often. */
    Set<String> regressors(ExamReport report) {
        var all = new HashSet<>(turnover.lost());
        all.addAll(report.lost());
        all.addAll(report.notLearnt());
        return all;
    }

    @Nullable
    Integer parent() {
        return origin == Origin.REBUILD || live == null ? null : (Integer) live.number();
    }
}
