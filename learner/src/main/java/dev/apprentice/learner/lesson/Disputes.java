package dev.apprentice.learner.lesson;

import dev.apprentice.learner.instance.Instance;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Which lessons a new one speaks over, and which it contradicts so that a person has to decide. */
final class Disputes {
    private static final String NEARLY = "nearly the request of ";

    private final LessonRows rows;

    Disputes(LessonRows rows) {
        this.rows = rows;
    }

    /**
     * Where a lesson stands among the others.
     *
     * @param over those in whose place it speaks
     * @param against the one that it contradicts, for which it is held; null if it holds
     * @param reason why it is held
     */
    record Standing(
            List<Lesson> over,
            @Nullable Lesson against,
            @Nullable String reason) {
        boolean held() {
            return against != null;
        }

        /** What none of them may lose, none may lose of this. */
        boolean pinned() {
            return over.stream().anyMatch(Lesson::pinned);
        }
    }

    /**
     * Where {@code lesson} stands.
     *
     * @param rivals what was said of the same request, or by the same teacher of the same answer, and stands yet
     */
    Standing of(Handle db, Lesson lesson, List<Lesson> rivals, Instance instance) {
        var near = near(db, lesson);
        var over = new ArrayList<>(rivals);
        near.equal().stream()
                .filter(other -> rivals.stream().noneMatch(rival -> rival.id().equals(other.id())))
                .forEach(over::add);
        double trust = instance.policy().trustIn(lesson.by());
        for (var other : over) {
            if (other.state().active()
                    && contradict(lesson, other)
                    && !other.by().equals(lesson.by())
                    && instance.policy().trustIn(other.by()) > trust) {
                var own =
                        over.stream().filter(it -> it.by().equals(lesson.by())).toList();
                return new Standing(own, other, "contradicts " + other.id() + ", whose teacher is trusted more");
            }
        }
        if (over.stream().noneMatch(other -> other.state().active())) {
            for (var other : near.near()) {
                if (contradict(lesson, other)) {
                    return new Standing(over, other, nearly(other));
                }
            }
        }
        return new Standing(over, null, null);
    }

    /** Whether it is enough that its teacher says {@code held} again: he knows that the two requests are different. */
    static boolean yieldsToRepetition(Lesson held) {
        var reason = held.reason();
        return held.state() == LessonState.HELD && reason != null && reason.startsWith(NEARLY);
    }

    private static String nearly(Lesson other) {
        return NEARLY + other.id() + ", with another answer";
    }

    private static boolean contradict(Lesson a, Lesson b) {
        return !Wording.plain(a.answer()).equals(Wording.plain(b.answer()));
    }

    private record Near(List<Lesson> equal, List<Lesson> near) {}

    /** What is like {@code lesson}'s request without being it, newest first. */
    private Near near(Handle db, Lesson lesson) {
        var nearness = Nearness.of(lesson.messages());
        var equal = new ArrayList<Lesson>();
        var near = new ArrayList<Lesson>();
        for (var other : rows.near(db, lesson.instance(), nearness.key())) {
            if (other.id().equals(lesson.id())) {
                continue;
            }
            switch (nearness.to(other.words())) {
                case EQUAL -> rows.find(db, other.id()).ifPresent(equal::add);
                case NEAR -> rows.find(db, other.id()).ifPresent(near::add);
                case FAR -> {}
            }
        }
        return new Near(equal, near);
    }
}
