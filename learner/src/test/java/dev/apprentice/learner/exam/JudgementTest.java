package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.learner.exam.Exam.Question;
import dev.apprentice.learner.exam.ValueExam.Found;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private static final Locality.Found UNCHANGED =
            new Locality.Found(1, 1, 0, 0, 0.001, 0.05, new Locality.Near(0, 0));

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
        var leaking = new Locality.Found(1, 1, 1, 0, 0.001, 0.05, new Locality.Near(0, 0));
        var changing = new Locality.Found(1, 0.97, 0, 0, 0.001, 0.05, new Locality.Near(0, 0));
        var drifting = new Locality.Found(1, 1, 0, 0, 0.021, 0.05, new Locality.Near(0, 0));
        var unsafe = new Locality.Found(1, 1, 0, 1, 0.001, 0.05, new Locality.Near(0, 0));

        assertThat(Stream.of(leaking, changing, drifting, unsafe))
                .allSatisfy(found ->
                        assertThat(judged(8, 0, 0, 0, 0, found).verdict()).isEqualTo(Verdict.TOO_FAR));
    }

    @Test
    void whatEarlierCheckpointsLostCountsWithWhatThisOneLoses() throws InterruptedException {
        // .5 % of 420 are two: one lost before and not mended leaves room for one more, two leave none
        var one = new Turnover(Set.of("les_20"), Set.of("les_20"));
        var two = new Turnover(Set.of("les_20", "les_21"), Set.of("les_20", "les_21"));

        assertThat(judged(20, 400, lostAgain(one, 1)).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged(20, 400, lostAgain(two, 1)).verdict()).isEqualTo(Verdict.NOT_LEARNT);
        assertThat(judged(20, 400, lostAgain(two, 1)).reason()).contains("2 more are lost since earlier checkpoints");
        assertThat(judged(20, 400, lostAgain(two, 0)).verdict()).isEqualTo(Verdict.PASSED); // it adds no loss
    }

    @Test
    void aWordingOfAPinnedLessonIsNeverLostAndOthersMayFlipByChanceOnly() throws InterruptedException {
        var flips = new Case(0, 0, 0, UNCHANGED, Turnover.NONE, 3, false);
        var trend = new Case(0, 0, 0, UNCHANGED, Turnover.NONE, 7, false); // 7-0 is an E-value of 31.9
        var pinned = new Case(0, 0, 1, UNCHANGED, Turnover.NONE, 1, false);

        assertThat(judged(8, 40, flips).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged(8, 40, trend).verdict()).isEqualTo(Verdict.NOT_LEARNT);
        assertThat(judged(8, 40, pinned).verdict()).isEqualTo(Verdict.NOT_LEARNT);
    }

    @Test
    void theReportSaysWhatWasNotExamined() throws InterruptedException {
        var report = judged(3, 0, 0, 0, 0, UNCHANGED);

        assertThat(report.criteria())
                .filteredOn(criterion -> criterion.result() == Criterion.Result.NOT_EXAMINED)
                .extracting(Criterion::id)
                .containsExactly("E2", "E3", "E4", "E6"); // 3 differing lessons, no value function, no rewards
        assertThat(report.criteria())
                .filteredOn(criterion -> criterion.id().equals("E4"))
                .extracting(Criterion::says)
                .containsExactly("not examined: no value function is fitted");
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aValueFunctionThatKnowsLessFails() throws InterruptedException {
        var live = new ValueExam.Scores(100, 0.15, 0.05, 0.8);

        assertThat(valued(live, new ValueExam.Scores(100, 0.16, 0.07, 0.8))).isEqualTo(Criterion.Result.HOLDS);
        assertThat(valued(live, new ValueExam.Scores(100, 0.162, 0.05, 0.8))).isEqualTo(Criterion.Result.FAILS);
        assertThat(valued(live, new ValueExam.Scores(100, 0.15, 0.072, 0.8))).isEqualTo(Criterion.Result.FAILS);
        assertThat(valued(null, new ValueExam.Scores(100, 0.3, 0.3, null))).isEqualTo(Criterion.Result.HOLDS);
    }

    @Test
    void contextMustStillBeReadWhereTheBaseReadsIt() throws InterruptedException {
        assertThat(context(new InContext.Found(40, 0.5, 0.5, 4, 4))).isEqualTo(Criterion.Result.HOLDS);
        assertThat(context(new InContext.Found(40, 0.5, 0.45, 3, 1))).isEqualTo(Criterion.Result.HOLDS); // chance
        assertThat(context(new InContext.Found(40, 0.5, 0.3, 8, 0))).isEqualTo(Criterion.Result.FAILS);
        assertThat(context(new InContext.Found(4, 0.1, 0.0, 4, 0))).isEqualTo(Criterion.Result.NOT_EXAMINED);
    }

    @Test
    void ratedAnswersVetoOnlyWhereTheyAreWorthEnough() throws InterruptedException {
        assertThat(vetoed(new OffPolicy.Found(120, 80, 0.8, 0.6, -0.1))).isEqualTo(Criterion.Result.FAILS);
        assertThat(vetoed(new OffPolicy.Found(120, 80, 0.8, 0.78, 0.02))).isEqualTo(Criterion.Result.HOLDS);
        assertThat(vetoed(new OffPolicy.Found(120, 12, 0.8, 0.1, -0.5))).isEqualTo(Criterion.Result.NOT_EXAMINED);
    }

    private static Criterion.Result valued(ValueExam.@Nullable Scores live, ValueExam.Scores now)
            throws InterruptedException {
        return result("E4", InContext.Found.UNTOUCHED, new Found.Measured(live, now), OffPolicy.Found.NOTHING);
    }

    private static Criterion.Result context(InContext.Found found) throws InterruptedException {
        return result("E3", found, new Found.NotExamined("no"), OffPolicy.Found.NOTHING);
    }

    private static Criterion.Result vetoed(OffPolicy.Found found) throws InterruptedException {
        return result("E6", InContext.Found.UNTOUCHED, new Found.NotExamined("no"), found);
    }

    private static Criterion.Result result(String id, InContext.Found context, Found value, OffPolicy.Found policy)
            throws InterruptedException {
        var beside = new Sitting.Beside(UNCHANGED, context, value, policy);
        return judged(8, 0, new Case(0, 0, 0, UNCHANGED, Turnover.NONE, 0, false), beside).criteria().stream()
                .filter(criterion -> criterion.id().equals(id))
                .reduce((_, last) -> last)
                .orElseThrow()
                .result();
    }

    private static Case lostAgain(Turnover turnover, int lost) {
        return new Case(0, lost, 0, UNCHANGED, turnover, 0, true);
    }

    @Test
    void nearMissesOfFactsMustStay() {
        assertThat(near(64, 1).verdict()).isEqualTo(Verdict.PASSED);
        assertThat(near(64, 2).verdict()).isNotEqualTo(Verdict.PASSED);
        assertThat(near(64, 2).reason()).contains("2 of 64 near misses");
        assertThat(near(0, 0).verdict()).isEqualTo(Verdict.PASSED);
    }

    private static ExamReport near(int asked, int changed) {
        return judged(8, 0, 0, 0, 0, new Locality.Found(1, 1, 0, 0, 0.001, 0.05, new Locality.Near(asked, changed)));
    }

    /** At the third look an E-value of 60 is wanted, and seven lessons won of seven are 31.9. */
    @Test
    void whereNotEvenTheBestResultWouldBeEvidenceNoneIsAskedFor() throws InterruptedException {
        var third = judged(7, 0, new Case(0, 0, 0, UNCHANGED, Turnover.NONE, 0, false, 2));

        assertThat(third.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(third.criteria()).anySatisfy(criterion -> {
            assertThat(criterion.result()).isEqualTo(Criterion.Result.NOT_EXAMINED);
            assertThat(criterion.says()).contains("only 7 lessons differ", "60 at look 3");
        });
    }

    @Test
    void besideLessonsFewJudgedAnswersFailOnlyWhereChanceDoesNotExplainIt() {
        var lessons = judged(8, 0, 0, 0, 0, UNCHANGED);
        var none = judged(0, 8, 0, 0, 0, UNCHANGED);

        assertThat(heard(lessons, 4, 8)).isTrue();
        assertThat(heard(lessons, 8, 20)).isTrue(); // .057 of all such draws are so low or lower
        assertThat(heard(lessons, 7, 20)).isFalse();
        assertThat(heard(none, 4, 8)).as("nothing else was learnt").isFalse();
        assertThat(heard(none, 5, 8)).isTrue();
    }

    private static boolean heard(ExamReport report, int moved, int all) {
        Map<String, Boolean> holds =
                IntStream.range(0, all).boxed().collect(Collectors.toMap(i -> "les_j" + i, i -> i < moved));
        var sound = Criterion.of("E3", true, "sound");
        return Judgement.judged(report, new Opinions(holds, 0.6, List.of()), sound).criteria().stream()
                .filter(criterion -> criterion.says().contains("judged lessons"))
                .noneMatch(Criterion::fails);
    }

    /**
     * What happened.
     *
     * @param wrong the first so many new lessons are not learnt
     * @param lost the last so many old ones are lost
     * @param pinned the first so many old ones are pinned
     * @param found what happened to other requests
     * @param turnover what was lost before
     * @param viewsLost the other wording of the first so many old ones is lost
     * @param stillLost whether what was lost before is answered wrong still
     */
    private record Case(
            int wrong,
            int lost,
            int pinned,
            Locality.Found found,
            Turnover turnover,
            int viewsLost,
            boolean stillLost,
            int look) {
        Case(
                int wrong,
                int lost,
                int pinned,
                Locality.Found found,
                Turnover turnover,
                int viewsLost,
                boolean stillLost) {
            this(wrong, lost, pinned, found, turnover, viewsLost, stillLost, 0);
        }
    }

    private static ExamReport judged(int fresh, int old, int wrong, int lost, int pinned, Locality.Found found) {
        try {
            return judged(fresh, old, new Case(wrong, lost, pinned, found, Turnover.NONE, 0, false));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ExamReport judged(int fresh, int old, Case given) throws InterruptedException {
        var beside = new Sitting.Beside(
                given.found(),
                InContext.Found.UNTOUCHED,
                new Found.NotExamined("no value function is fitted"),
                OffPolicy.Found.NOTHING);
        return judged(fresh, old, given, beside);
    }

    private static ExamReport judged(int fresh, int old, Case given, Sitting.Beside beside) {
        var lessons = IntStream.range(0, fresh + old)
                .mapToObj(i -> lesson(i, i >= fresh && i < fresh + given.pinned()))
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
                Opinions.NONE,
                given.look(),
                given.turnover());
        var before = new ArrayList<>(Collections.nCopies(fresh, false));
        before.addAll(Collections.nCopies(old, true));
        var now = new ArrayList<>(Collections.nCopies(fresh + old, true));
        IntStream.range(0, given.wrong()).forEach(i -> now.set(i, false));
        int firstLost = given.pinned() > 0 || !given.stillLost() ? fresh : fresh + old - given.lost();
        IntStream.range(firstLost, firstLost + given.lost()).forEach(i -> now.set(i, false));
        if (given.stillLost()) {
            IntStream.range(0, lessons.size())
                    .filter(i -> given.turnover().lost().contains(lessons.get(i).id()))
                    .forEach(i -> {
                        before.set(i, false);
                        now.set(i, false);
                    });
        }
        var views = lessons.stream().map(Question::own).toList();
        var right = Collections.nCopies(views.size(), true);
        var viewsNow = new ArrayList<>(right);
        IntStream.range(fresh, fresh + given.viewsLost()).forEach(i -> viewsNow.set(i, false));
        var sitting = new Sitting(lessons, before, now, views, right, viewsNow, right, 1);
        return Judgement.of(candidate, sitting, beside, ExamPlan.DEFAULT);
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
