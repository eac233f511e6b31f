package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.exam.Candidate;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.PlainCandidate;
import dev.apprentice.learner.exam.ValueExam;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.Recalled;
import dev.apprentice.learner.value.ValueExaminer;
import dev.apprentice.learner.value.ValueState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exam measures the value head where it is calibrated, and hands it what was asked there. */
@Timeout(180)
class ValueExamWiringTest {
    private static final String ME = "apprentice";
    private static final int GRADED = 110;
    private static final int EXAMINED = 60;

    @TempDir
    private Path data;

    @Test
    void whatAnExamAsksIsMeasuredAndLearntFrom() throws InterruptedException {
        try (var tiny = new TinyLearner(data)) {
            var values = tiny.learner().values();
            var examiner =
                    new ValueExaminer(values, tiny.engine().base().config().layers(), ExamPlan.DEFAULT);
            var lesson = tiny.learner()
                    .lessons()
                    .give(
                            new Feedback.Example(ME, List.of(ChatMessage.of("user", "hail")), "white", "ann"),
                            null,
                            "local");
            var answers = new ArrayList<ValueExam.Asked>();
            for (int i = 0; i < EXAMINED; i++) {
                answers.add(answered(tiny, lesson, i));
            }
            assertThat(examiner.measure(candidate(tiny, "first"), List.of()))
                    .isEqualTo(new ValueExam.Found.NotExamined("no value function is fitted"));
            grade(tiny);
            await(() -> values.standing(ME).outcomes() == GRADED);
            assertThat(values.standing(ME).state()).isEqualTo(ValueState.CALIBRATED);

            var before = confidence(tiny);
            assertThat(examiner.measure(candidate(tiny, "second"), answers))
                    .isInstanceOfSatisfying(ValueExam.Found.Measured.class, measured -> {
                        assertThat(measured.live()).isNotNull();
                        assertThat(measured.candidate().outcomes())
                                .as("the other half is learnt from")
                                .isBetween(20, EXAMINED - 15);
                        assertThat(measured.candidate().auroc()).isGreaterThan(0.7);
                    });
            await(() -> confidence(tiny) != before);
            assertThat(values.standing(ME).outcomes())
                    .as("what is said of it rests on what people were given")
                    .isEqualTo(GRADED);
            assertThat(examiner.measure(candidate(tiny, "third"), answers.subList(0, 10)))
                    .isInstanceOf(ValueExam.Found.NotExamined.class);
        }
    }

    private static void grade(TinyLearner tiny) throws InterruptedException {
        for (int i = 0; i < GRADED; i++) {
            try (var answer = tiny.asks(ME, text(i))) {
                answer.await();
                tiny.learner()
                        .lessons()
                        .give(new Feedback.Reward(answer.id(), 0, i % 2 == 0 ? 1 : 0, "ann"), null, "local");
            }
        }
    }

    private static String text(int i) {
        return (i % 2 == 0 ? "rain and snow " : "bills and fees ") + i;
    }

    private static ValueExam.Asked answered(TinyLearner tiny, Lesson lesson, int i) throws InterruptedException {
        var text = text(i + 1000);
        var acting = new Recalled(List.of(), List.of(), new AnswerGuide.Free(), true);
        var answer = new ValueExam.Answer(tiny.weightsSay(ME, text), acting, false, i % 2 == 0);
        return new ValueExam.Asked(lesson, List.of(ChatMessage.of("user", text)), answer, answer);
    }

    private static Candidate candidate(TinyLearner tiny, String digest) {
        return PlainCandidate.of(tiny.learner().instances().get(ME), digest);
    }

    private static double confidence(TinyLearner tiny) {
        try (var answer = tiny.asks(ME, "rain and snow 7")) {
            answer.await();
            var confidence = answer.provenance().confidence();
            return confidence == null ? -1 : confidence;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier there) throws InterruptedException {
        while (!there.getAsBoolean()) {
            var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }
}
