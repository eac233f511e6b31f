package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.SampleLessons;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeighingTest {
    private static final OpinionPlan PLAN = OpinionPlan.DEFAULT;

    private final List<Lesson> lessons = new ArrayList<>();

    @Test
    void aWordWeighsItsTeachersTrustTimesItsKind() {
        give(LessonKind.EXAMPLE, "ann", 0.5, 1);
        give(LessonKind.PREFERENCE, "ann", 0.5, 1);

        var weighing = Weighing.of(lessons, PLAN);

        assertThat(weighing.of(lessons.getFirst())).isCloseTo(0.5, within(1e-9));
        assertThat(weighing.of(lessons.getLast())).isCloseTo(0.35, within(1e-9));
    }

    @Test
    void aHundredThumbsHaveAQuarterAndNoMore() {
        give(LessonKind.EXAMPLE, "ann", 1, 6);
        give(LessonKind.RATING, "ann", 1, 100);

        assertThat(share(LessonKind.RATING)).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void oneOfTenTeachersHasAFifthAndNoMoreHoweverMuchHeSays() {
        give(LessonKind.EXAMPLE, "mallory", 1, 1000);
        for (int i = 0; i < 9; i++) {
            give(LessonKind.EXAMPLE, "teacher-" + i, 1, 2);
        }

        var weighing = Weighing.of(lessons, PLAN);
        double all = lessons.stream().mapToDouble(weighing::of).sum();
        double his = lessons.stream()
                .filter(lesson -> lesson.by().equals("mallory"))
                .mapToDouble(weighing::of)
                .sum();

        assertThat(his / all).isCloseTo(0.2, within(1e-6));
    }

    @Test
    void whoIsAloneIsNotCapped() {
        give(LessonKind.RATING, "ann", 1, 3);

        assertThat(Weighing.of(lessons, PLAN).of(lessons.getFirst())).isCloseTo(0.3, within(1e-9));
    }

    @Test
    void whatIsGuessedWeighsATenthOfALessonAndIsAThumbToo() { // docs/learning.md
        give(LessonKind.EXAMPLE, "ann", 1, 1);
        give(LessonKind.IMPLICIT, "implicit", 1, 1);
        assertThat(Weighing.of(lessons, PLAN).of(lessons.getLast())).isCloseTo(0.1, within(1e-9));
        assertThat(Weighing.of(lessons, PLAN).of(lessons.getFirst())).isCloseTo(1, within(1e-9)); // no second teacher

        give(LessonKind.IMPLICIT, "implicit", 1, 99);
        assertThat(share(LessonKind.IMPLICIT)).isCloseTo(0.2, within(1e-9)); // as one teacher
    }

    private double share(LessonKind kind) {
        var weighing = Weighing.of(lessons, PLAN);
        double all = lessons.stream().mapToDouble(weighing::of).sum();
        return lessons.stream()
                        .filter(lesson -> lesson.kind() == kind)
                        .mapToDouble(weighing::of)
                        .sum()
                / all;
    }

    private void give(LessonKind kind, String by, double trust, int count) {
        for (int i = 0; i < count; i++) {
            lessons.add(lesson("les_" + lessons.size(), kind, by, trust));
        }
    }

    static Lesson lesson(String id, LessonKind kind, String by, double trust) {
        return SampleLessons.judged(id, MemoryStore.ID, kind, "chat-" + id, List.of(), by, trust, Instant.EPOCH);
    }
}
