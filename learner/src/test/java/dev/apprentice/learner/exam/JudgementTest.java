package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.learner.exam.Exam.Question;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.Gate;
import dev.apprentice.learner.recall.RecallFit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final Locality.Found UNCHANGED = new Locality.Found(1, 1, 0, 0, 0.001, 0.05);

    @Test
    void whatLearnsAllAndLosesNothingPasses() {
        var report = judged(8, 20, 0, 0, 0, UNCHANGED);

        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.reason()).isEmpty();
        assertThat(report.passes()).hasSize(28);
    }

    @Test
    void oneLostLessonOfFewIsTooMany() {
        var report = judged(8, 20, 0, 1, 0, UNCHANGED);

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_LEARNT);
        assertThat(report.lost()).containsExactly("les_8");
        assertThat(report.reason()).contains("lost 1 of 28");
    }

    @Test
    void oneLostLessonOfManyIsBornWhereMoreAreGained() {
        assertThat(judged(20, 300, 0, 1, 0, UNCHANGED).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged(20, 300, 0, 2, 0, UNCHANGED).verdict()).isEqualTo(Verdict.NOT_LEARNT); // above .5 %
    }

    @Test
    void aPinnedLessonIsNeverLost() {
        var report = judged(20, 300, 0, 1, 1, UNCHANGED);

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_LEARNT);
        assertThat(report.reason()).contains("1 of them pinned");
    }

    @Test
    void newLessonsMustBeLearnt() {
        var report = judged(24, 0, 2, 0, 0, UNCHANGED); // 22 of 24 are less than 95 %

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_LEARNT);
        assertThat(report.notLearnt()).containsExactly("les_0", "les_1");
        assertThat(judged(24, 0, 1, 0, 0, UNCHANGED).verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void otherAnswersMustStay() {
        var leaking = new Locality.Found(1, 1, 1, 0, 0.001, 0.05);
        var changing = new Locality.Found(1, 0.97, 0, 0, 0.001, 0.05);
        var drifting = new Locality.Found(1, 1, 0, 0, 0.021, 0.05);
        var unsafe = new Locality.Found(1, 1, 0, 1, 0.001, 0.05);

        assertThat(Stream.of(leaking, changing, drifting, unsafe))
                .allSatisfy(found ->
                        assertThat(judged(8, 0, 0, 0, 0, found).verdict()).isEqualTo(Verdict.TOO_FAR));
    }

    /** The first {@code wrong} new lessons are not learnt, the first {@code lost} old ones lost, the first pinned. */
    private static ExamReport judged(int fresh, int old, int wrong, int lost, int pinned, Locality.Found found) {
        var lessons = IntStream.range(0, fresh + old)
                .mapToObj(i -> lesson(i, i >= fresh && i < fresh + pinned))
                .toList();
        var candidate = new Candidate(
                new Instance("job", "", null, Policy.DEFAULT, false, 0, Instant.EPOCH),
                new AdapterRef("digest", Path.of("unused")),
                new LoraAdapter(Map.of()),
                new AdapterPlan(16, 32, 0.1, 12, 30),
                new CheckpointFit(Gate.OPEN, RecallFit.NOTHING),
                lessons.subList(0, fresh),
                lessons.subList(fresh, fresh + old),
                null,
                0);
        var before = new ArrayList<>(Collections.nCopies(fresh, false));
        before.addAll(Collections.nCopies(old, true));
        var now = new ArrayList<>(Collections.nCopies(fresh + old, true));
        IntStream.range(0, wrong).forEach(i -> now.set(i, false));
        IntStream.range(fresh, fresh + lost).forEach(i -> now.set(i, false));
        var views = lessons.stream().map(Question::own).toList();
        var right = Collections.nCopies(views.size(), true);
        return Judgement.of(candidate, lessons, views, before, now, right, right, 1, found, ExamPlan.DEFAULT);
    }

    private static Lesson lesson(int i, boolean pinned) {
        return new Lesson(
                "les_" + i,
                "job",
                LessonKind.EXAMPLE,
                null,
                0,
                List.of(ChatMessage.of("user", "Question " + i)),
                "Answer",
                null,
                "local",
                LessonState.RECALLED,
                null,
                null,
                null,
                pinned,
                1.0,
                Instant.EPOCH,
                Map.of());
    }
}
