package dev.apprentice.learner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.promotion.Weighing.Rewards;
import dev.apprentice.learner.promotion.Weighing.Shadow;
import dev.apprentice.learner.promotion.Weighing.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeighingTest {
    private static final TrialPlan PLAN = TrialPlan.DEFAULT;
    private static final Duration SOON = Duration.ofHours(1);
    private static final Duration LATE = Duration.ofHours(25);

    @Test
    void oneThumbDownIsNoReason() {
        var one = new Rewards(List.of(0.0), ups(400, 1));

        assertThat(Weighing.watch(one, PLAN).verdict()).isEqualTo(Verdict.GO_ON);
        assertThat(Weighing.canary(one, SOON, PLAN).verdict()).isEqualTo(Verdict.GO_ON);
        var nineteen = new Rewards(ups(19, 0), ups(400, 1)); // one below the floor
        assertThat(Weighing.watch(nineteen, PLAN).verdict()).isEqualTo(Verdict.GO_ON);
    }

    @Test
    void aFallingRewardIsSeen() {
        var fallen = new Rewards(ups(20, 0), ups(400, 1));

        assertThat(Weighing.watch(fallen, PLAN).verdict()).isEqualTo(Verdict.WORSE);
        assertThat(Weighing.watch(fallen, PLAN).says())
                .contains("the reward has fallen")
                .contains("20 pairs");
        assertThat(Weighing.canary(fallen, SOON, PLAN).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void withoutAnEarlierRecordNothingIsRolledBack() {
        assertThat(Weighing.watch(new Rewards(ups(300, 0), List.of()), PLAN).verdict())
                .isEqualTo(Verdict.GO_ON);
    }

    @Test
    void aCanaryThatIsBetterOrNoWorseIsGood() {
        assertThat(Weighing.canary(new Rewards(ups(40, 1), ups(40, 0)), SOON, PLAN)
                        .verdict())
                .isEqualTo(Verdict.GOOD);
        assertThat(Weighing.canary(new Rewards(ups(150, 1), ups(150, 1)), SOON, PLAN)
                        .says())
                .startsWith("it is no worse");
    }

    @Test
    void whenTimeIsOverSilenceSpeaksForTheExam() {
        assertThat(Weighing.canary(new Rewards(List.of(), List.of()), LATE, PLAN)
                        .verdict())
                .isEqualTo(Verdict.GOOD);
        var doubtful = new Rewards(alternating(24, 3), alternating(24, 2)); // .33 against .5: not certain
        assertThat(Weighing.canary(doubtful, SOON, PLAN).verdict()).isEqualTo(Verdict.GO_ON);
        assertThat(Weighing.canary(doubtful, LATE, PLAN).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void correctionsDecideOnAShadow() {
        var began = Instant.EPOCH;
        var soon = began.plus(SOON);

        assertThat(Weighing.shadow(new Shadow(10, 9, 0, 0), began, soon, PLAN).verdict())
                .isEqualTo(Verdict.GO_ON);
        assertThat(Weighing.shadow(new Shadow(10, 0, 0, 7), began, soon, PLAN).verdict())
                .isEqualTo(Verdict.WORSE); // E-value 31.9
        assertThat(Weighing.shadow(new Shadow(10, 0, 7, 0), began, soon, PLAN).verdict())
                .isEqualTo(Verdict.GOOD);
        assertThat(Weighing.shadow(new Shadow(100, 90, 1, 1), began, soon, PLAN).verdict())
                .isEqualTo(Verdict.GOOD);
        assertThat(Weighing.shadow(new Shadow(0, 0, 0, 0), began, began.plus(LATE), PLAN)
                        .verdict())
                .isEqualTo(Verdict.GOOD);
    }

    private static List<Double> ups(int count, double reward) {
        return IntStream.range(0, count).mapToObj(_ -> reward).toList();
    }

    private static List<Double> alternating(int count, int every) {
        return IntStream.range(0, count)
                .mapToObj(i -> i % every == 0 ? 1.0 : 0.0)
                .toList();
    }
}
