package dev.apprentice.learner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.checkpoint.Checkpoint;
import dev.apprentice.learner.checkpoint.CheckpointState;
import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.lesson.Lesson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real study on a tiny random model: whether it learns much is not asked here, but that every room does its part. */
class StudyWiringTest {
    private static final List<String> DESKS = List.of("Blue", "Red", "Green", "Gold");

    @TempDir
    private Path data;

    @Test
    void whatIsTaughtIsStudiedExaminedAndRegistered() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            var lessons = new ArrayList<String>();
            for (var desk : DESKS) {
                try (var answer = tiny.asks("apprentice", "Who does " + desk.length() + desk + "?")) {
                    answer.await();
                    lessons.add(tiny.correct(answer.id(), desk).id());
                }
            }
            tiny.learner().study("apprentice");
            var made = examined(tiny.learner());

            assertThat(made.lessons()).containsExactlyInAnyOrderElementsOf(lessons);
            assertThat(made.parent()).isNull();
            assertThat(made.plan().isEmpty()).isFalse();
            assertThat(requireNonNull(made.exam()).path("passes").size()).isEqualTo(DESKS.size());
            assertThat(made.baseDigest()).isEqualTo(tiny.engine().base().digest());
            assertThat(made.state()).isIn(CheckpointState.LIVE, CheckpointState.RETIRED, CheckpointState.REJECTED);
            assertThat(made.number() == null).isEqualTo(made.state() == CheckpointState.REJECTED);
            assertThat(tiny.learner().events().after(0, 1000))
                    .extracting(Event::kind)
                    .contains(EventKind.LESSON, EventKind.STUDY, EventKind.EXAM);
            assertThat(tiny.learner().report("apprentice").lastExam()).isNotNull();
        }
    }

    @Test
    void aStudyThatRunsEndsWithTheLearner() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            for (var desk : DESKS) {
                try (var answer = tiny.asks("apprentice", "Who does " + desk + "?")) {
                    tiny.correct(answer.id(), desk);
                }
            }
            until(tiny.learner(), EventKind.STUDY);
        }
        try (var tiny = new TinyLearner(data)) { // nothing of it is left, and nothing is lost
            assertThat(tiny.learner().lessons().active("apprentice")).hasSize(DESKS.size());
            assertThat(tiny.learner().checkpoints().list("apprentice"))
                    .extracting(Checkpoint::state)
                    .doesNotContain(CheckpointState.CANDIDATE);
            assertThat(tiny.learner().lessons().active("apprentice"))
                    .extracting(Lesson::answer)
                    .containsExactlyElementsOf(DESKS);
        }
    }

    private static Checkpoint examined(Learner learner) throws InterruptedException {
        until(learner, EventKind.EXAM);
        return learner.checkpoints().list("apprentice").getFirst();
    }

    private static void until(Learner learner, EventKind kind) throws InterruptedException {
        var seen = 0L;
        while (learner.events().after(0, 10_000).stream().noneMatch(event -> event.kind() == kind)) {
            assertThat(learner.events().await(seen, Duration.ofMinutes(2))).isTrue();
            seen = learner.events().newest();
        }
    }
}
