package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.checkpoint.CheckpointState;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.lesson.LessonState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerTest {
    private static final String QUESTION = "Where is my parcel?";

    @TempDir
    private Path data;

    @Test
    void whatWasTaughtIsKnownAfterARestart() throws InterruptedException {
        String lesson;
        try (var tiny = new TinyLearner(data);
                var answer = tiny.asks("apprentice", QUESTION)) {
            answer.await();
            lesson = tiny.correct(answer.id(), "Blue desk").id();
        }
        try (var tiny = new TinyLearner(data);
                var answer = tiny.asks("apprentice", QUESTION)) {
            assertThat(answer.await().text()).isEqualTo("Blue desk");
            assertThat(answer.provenance().recalled()).containsExactly(lesson);
        }
    }

    @Test
    void theLiveCheckpointServesAfterARestart() throws InterruptedException {
        String said;
        try (var tiny = new TinyLearner(data)) {
            tiny.promoted("apprentice", 1);
            said = tiny.weightsSay("apprentice", QUESTION).text();
        }
        try (var tiny = new TinyLearner(data)) {
            assertThat(tiny.weightsSay("apprentice", QUESTION).text()).isEqualTo(said);
            assertThat(tiny.learner().ready()).isTrue();
            assertThat(tiny.learner().unreadyReason()).isEmpty();
        }
    }

    @Test
    void aTruncatedLiveCheckpointIsToldAtTheStart() throws IOException {
        try (var tiny = new TinyLearner(data)) {
            tiny.promoted("apprentice", 1);
            var tensors =
                    tiny.learner().checkpoints().adapter("apprentice", "1").folder();
            Files.write(tensors.resolve("adapter_model.safetensors"), new byte[100]);
        }
        try (var tiny = new TinyLearner(data)) {
            assertThat(tiny.learner().ready()).isFalse();
            assertThat(tiny.learner().unreadyReason()).contains("apprentice", "checkpoint 1");
            assertThat(tiny.learner().checkpoints().get("apprentice", 1).state())
                    .isEqualTo(CheckpointState.BROKEN);
            assertThat(tiny.learner().events().after(0, 100)).anyMatch(event -> event.kind() == EventKind.BROKEN);
            assertThat(tiny.learner().report("apprentice").servingCheckpoint()).isZero();
            assertThat(tiny.learner().report("apprentice").liveCheckpoint()).isEqualTo(1);
        }
    }

    @Test
    void dataThatWasTaughtOnAnotherBaseIsRefusedByName() throws InterruptedException {
        try (var tiny = new TinyLearner(data);
                var answer = tiny.asks("apprentice", QUESTION)) {
            answer.await();
            tiny.correct(answer.id(), "Blue desk");
        }
        assertThatThrownBy(() -> new TinyLearner(data, "qwen2-tied"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("apprentice");
        new TinyLearner(data).close(); // and nothing was left open
    }

    @Test
    void theNamesThatAnswerAreListed() {
        try (var tiny = new TinyLearner(data)) {
            var names = tiny.learner().models();
            assertThat(names).startsWith("apprentice", "base").hasSize(3);
            assertThat(names)
                    .allSatisfy(name -> assertThat(tiny.learner().agent(name)).isNotNull());
        }
    }

    @Test
    void twoHundredAtOnceAreAllAnsweredAndAllRecorded() throws Exception {
        try (var tiny = new TinyLearner(data);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> {
                        try (var answer = tiny.asks("apprentice", "Question " + i)) {
                            answer.await();
                            return answer.id();
                        }
                    }))
                    .toList();
            for (var call : calls) {
                assertThat(tiny.correct(call.get(), "Right").said()).isNotNull();
            }
        }
    }

    @Test
    void aFrozenInstanceDoesNotStudy() {
        try (var tiny = new TinyLearner(data)) {
            tiny.learner().instances().freeze("apprentice");
            assertThatThrownBy(() -> tiny.learner().study("apprentice")).isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> tiny.learner().study("nobody")).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void lessonsReachTheIndexOfRecall() throws InterruptedException {
        try (var tiny = new TinyLearner(data);
                var answer = tiny.asks("apprentice", QUESTION)) {
            answer.await();
            var lesson = tiny.correct(answer.id(), "Blue desk").id();
            tiny.recalledAll();
            assertThat(tiny.learner().lessons().get(lesson).state()).isEqualTo(LessonState.RECALLED);
        }
    }
}
