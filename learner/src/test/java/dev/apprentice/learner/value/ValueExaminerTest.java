package dev.apprentice.learner.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.ValueExam.Found;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.value.ValueExaminer.Judgements;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is worse beyond chance fails, what may be chance is not examined, what is as good holds. */
class ValueExaminerTest {
    private static final ExamPlan PLAN = ExamPlan.DEFAULT;

    /** Judgements of answers that are right as often as is said, or of which the opposite is said. */
    private static Judgements judgements(int count, long seed, boolean upsideDown) {
        var random = Seams.random(seed);
        var said = random.doubles(count).toArray();
        var rewards = IntStream.range(0, count)
                .mapToDouble(i -> random.nextDouble() < (upsideDown ? 1 - said[i] : said[i]) ? 1 : 0)
                .toArray();
        return new Judgements(said, rewards);
    }

    private static Found found(Judgements live, Judgements candidate) {
        return ValueExaminer.compared(live, candidate, PLAN);
    }

    @Test
    void whatIsAsGoodIsMeasured() {
        var live = judgements(200, 1, false);
        assertThat(found(live, live)).isInstanceOfSatisfying(Found.Measured.class, measured -> {
            assertThat(measured.candidate()).isEqualTo(measured.live());
            assertThat(measured.candidate().outcomes()).isEqualTo(200);
            assertThat(measured.candidate().auroc()).isBetween(0.7, 0.95);
        });
    }

    @Test
    void whatIsFarWorseIsMeasuredSoThatItFails() {
        assertThat(found(judgements(200, 1, false), judgements(200, 2, true)))
                .isInstanceOfSatisfying(
                        Found.Measured.class,
                        measured -> assertThat(measured.candidate().brier()).isGreaterThan(0.3));
    }

    @Test
    void whatMayBeChanceIsNotHeldAgainstACandidate() {
        int counted = 0;
        for (int seed = 0; seed < 40; seed++) { // two draws of the same truth
            var found = found(judgements(40, seed, false), judgements(40, 100L + seed, false));
            if (found instanceof Found.Measured(var live, var candidate)) {
                assertThat(live).isNotNull();
                boolean worse = candidate.brier() > live.brier() + PLAN.brierWorseMax()
                        || candidate.ece() > live.ece() + PLAN.eceWorseMax();
                counted += worse ? 1 : 0;
            }
        }
        assertThat(counted).as("of 40, by chance one in twenty for each figure").isLessThanOrEqualTo(10);
    }

    @Test
    void ofAnswersThatAreAllRightNobodyCanSayTheOrder() {
        var all = new Judgements(new double[] {0.9, 0.8}, new double[] {1, 1});
        assertThat(found(all, all))
                .isInstanceOfSatisfying(
                        Found.Measured.class,
                        measured -> assertThat(measured.candidate().auroc()).isNull());
    }

    @Test
    void halfOfAllQuestionsAreLearntFrom() {
        long learnt = IntStream.range(0, 1000)
                .filter(i -> ValueExaminer.learns(Same.key(List.of(ChatMessage.of("user", "Question " + i)))))
                .count();
        assertThat(learnt).isBetween(430L, 570L);
    }
}
