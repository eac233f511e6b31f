package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.SampleLessons;
import dev.apprentice.learner.lesson.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Course course = new Course(MemoryStore.ID);
    private final List<Waiting> stored = new ArrayList<>();
    private int looks;

    @Test
    void theStoreIsNotReadAgainForLessonsThatCome() {
        var early = lesson(0);
        stored.add(Waiting.of(early));
        assertThat(waits().given()).isEqualTo(1);
        course.given(early); // told of what was seen already
        for (int i = 1; i < 1000; i++) {
            course.given(lesson(i));
            assertThat(waits().given()).isEqualTo(i + 1);
        }

        assertThat(looks).isEqualTo(1);
        assertThat(waits().oldest()).isEqualTo(NOW);
        assertThat(waits().newest()).isEqualTo(NOW.plusSeconds(999));
    }

    @Test
    void whatWasSettledOrTakenBackIsLookedForInTheStore() {
        course.given(lesson(0)); // before anybody has looked
        stored.add(Waiting.of(lesson(0)));
        stored.add(Waiting.of(lesson(1)));
        assertThat(waits().given()).isEqualTo(2);

        course.settle(List.of("les_0"));
        assertThat(waits().given()).isEqualTo(1);
        course.given(lesson(0));
        assertThat(waits().given()).isEqualTo(1);

        stored.removeLast();
        course.turned();
        assertThat(waits()).isEqualTo(Waits.NONE);
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void judgedAnswersAreReadOnlyWhereSomeAreNew() {
        assertThat(waits().judged()).isZero();
        course.given(reward("les_a"));
        course.given(WeighingTest.lesson("les_thumb", LessonKind.RATING, "ann", 1));
        assertThat(waits().judged()).isEqualTo(1);
        assertThat(course.judged(() -> List.of(reward("les_a")))).isEqualTo(1);
        course.given(lesson(0));
        assertThat(course.judged(() -> {
                    throw new AssertionError("nothing judged is new");
                }))
                .isEqualTo(1);

        course.given(reward("les_b"));
        assertThat(waits().judged()).isEqualTo(2);
        assertThat(course.judged(() -> List.of(reward("les_a"))))
                .as("b's answer is not whole yet")
                .isEqualTo(1);
    }

    @Test
    void whatComesWhileAStudyRunsIsNamedOnce() {
        course.given(lesson(0));
        course.begin();
        course.given(lesson(1));
        assertThat(course.arrivals()).isEqualTo(new Course.Arrivals(false, List.of("les_1")));
        course.lessonGiven();
        assertThat(course.arrivals()).isEqualTo(new Course.Arrivals(true, List.of()));
        assertThat(course.arrivals()).isEqualTo(new Course.Arrivals(false, List.of()));
        course.end();
        course.given(lesson(2));
        course.begin();
        assertThat(course.arrivals().lessons()).isEmpty();
    }

    private Waits waits() {
        return course.waiting(() -> {
            looks++;
            return List.copyOf(stored);
        });
    }

    private static Lesson lesson(int i) {
        return SampleLessons.example(
                "les_" + i,
                MemoryStore.ID,
                List.of(ChatMessage.of("user", "Question " + i)),
                "Desk",
                NOW.plusSeconds(i),
                Map.of());
    }

    private static Lesson reward(String id) {
        return WeighingTest.lesson(id, LessonKind.REWARD, "ann", 1);
    }
}
