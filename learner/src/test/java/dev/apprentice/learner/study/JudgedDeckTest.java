package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.LossReport;
import dev.apprentice.engine.training.OptimStep;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TrainingRow;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Reference;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JudgedDeckTest {
    private static final OpinionPlan PLAN = OpinionPlan.DEFAULT;
    private static final Instance INSTANCE =
            new Instance(MemoryStore.ID, "", null, Policy.DEFAULT, false, 0, Instant.EPOCH);

    private final FakeBase base = new FakeBase();
    private final Table student = new Table();

    @Test
    void aPreferenceIsLearntAndThenLeftAlone() throws InterruptedException {
        student.says("Blue desk <stop>", -1);
        student.says("Red desk <stop>", -6);
        var deck = deck(Map.of(), Set.of("1"), JudgedItemsTest.preferred("1", "Red desk", "Blue desk"));

        run(deck, 3000);

        assertThat(student.said("Red desk <stop>")).isGreaterThan(student.said("Blue desk <stop>"));
        assertThat(deck.left()).isZero();
        assertThat(deck.judge(student)).containsExactly(Map.entry("1", true));
        double then = student.said("Blue desk <stop>");
        run(deck, 3000);
        assertThat(student.said("Blue desk <stop>")).isEqualTo(then);
    }

    @Test
    void aThousandThumbsDownDriveNoAnswerToNothing() throws InterruptedException {
        student.says("Blue desk <stop>", -1);
        var down = JudgedItemsTest.liked("1", JudgedItemsTest.spoken("Where?", "Blue desk", Guided.FREE, true), false);
        var deck = deck(Map.of(), Set.of("1"), down);

        run(deck, 20_000);

        // a step moves it by at most β / 4, so that it stops just below where it is enough
        assertThat(student.said("Blue desk <stop>")).isBetween(-1 - PLAN.enoughNats() - 0.1, -1 - PLAN.enoughNats());
        assertThat(deck.judge(student)).containsExactly(Map.entry("1", true));
    }

    @Test
    void aLaterStudyMeasuresFromWhereTheFirstDidAndPushesNoFurther() throws InterruptedException {
        student.says("Blue desk <stop>", -1);
        var down = JudgedItemsTest.liked("1", JudgedItemsTest.spoken("Where?", "Blue desk", Guided.FREE, true), false);
        var first = new HashMap<String, Reference>();
        run(deck(first, Set.of("1"), down), 20_000);
        double after = student.said("Blue desk <stop>");

        var again = deck(first, Set.of(), down);
        run(again, 20_000);

        assertThat(first).containsOnlyKeys("1");
        assertThat(student.said("Blue desk <stop>")).isEqualTo(after);
    }

    @Test
    void whatIsMeasuredFromIsForgottenWhenItsTextsAreOthers() throws InterruptedException {
        student.says("Blue desk <stop>", -1);
        var other = new Reference(4711, List.of(-9.0));
        var known = new HashMap<>(Map.of("1", other));
        var up = JudgedItemsTest.liked("1", JudgedItemsTest.spoken("Where?", "Blue desk", Guided.FREE, true), true);

        deck(known, Set.of("1"), up);

        assertThat(known.get("1")).isNotEqualTo(other);
    }

    @Test
    void goodRewardsRiseAndPoorOnesFallAndBothEnd() throws InterruptedException {
        student.says("Blue desk <stop>", -2);
        student.says("Red desk <stop>", -2);
        var deck = deck(
                Map.of(),
                Set.of("1", "2"),
                JudgedItemsTest.rewarded("1", 1, JudgedItemsTest.spoken("Where?", "Red desk", Guided.FREE, true)),
                JudgedItemsTest.rewarded("2", 0, JudgedItemsTest.spoken("Where?", "Blue desk", Guided.FREE, true)));

        run(deck, 30_000);

        assertThat(student.said("Red desk <stop>")).isGreaterThan(-2);
        assertThat(student.said("Blue desk <stop>")).isBetween(-2 - PLAN.enoughNats() - 0.1, -2.5);
        assertThat(deck.judge(student)).containsEntry("1", true).containsEntry("2", true);
    }

    @Test
    void whereAllIsThumbsDownTheRateIsLower() throws InterruptedException {
        var down = JudgedItemsTest.liked("1", JudgedItemsTest.spoken("Where?", "Blue desk", Guided.FREE, true), false);
        var up = JudgedItemsTest.liked("2", JudgedItemsTest.spoken("Who?", "Ann", Guided.FREE, true), true);

        assertThat(deck(Map.of(), Set.of("1"), down).share()).isEqualTo(PLAN.share() * PLAN.downsShare());
        assertThat(deck(Map.of(), Set.of("1", "2"), down, up).share()).isEqualTo(PLAN.share());
    }

    /** Reads, and adds to {@code known} what it measures from. */
    private JudgedDeck deck(Map<String, Reference> known, Set<String> fresh, Judged... judged)
            throws InterruptedException {
        var made = JudgedItems.of(List.of(judged), base, INSTANCE, PLAN);
        assertThat(made.rejected()).isEmpty();
        var lessons = made.items().stream().map(JudgedItem::lesson).toList();
        var deck = new JudgedDeck(PLAN, made.items(), fresh, Weighing.of(lessons, PLAN), Seams.random(1));
        var found = deck.refer(student, known);
        if (known instanceof HashMap) {
            known.putAll(found);
        }
        return deck;
    }

    private void run(JudgedDeck deck, int steps) throws InterruptedException {
        for (int step = 0; step < steps; step++) {
            student.forwardBackward(deck.draw(student, 1));
        }
    }

    /** A student that keeps a log-probability for each answer, whatever was asked, and moves it against its slope. */
    private final class Table implements Student {
        private final Map<String, Double> logprobs = new HashMap<>();

        void says(String answer, double logprob) {
            logprobs.put(answer, logprob);
        }

        double said(String answer) {
            return logprobs.getOrDefault(answer, -10.0);
        }

        @Override
        public LossReport forwardBackward(List<TrainingRow> rows) {
            for (var row : rows) {
                if (row.loss() instanceof Loss.Sloped(var slopes)) {
                    logprobs.put(answer(row), Math.min(-0.001, said(answer(row)) - slopes[0]));
                }
            }
            return new LossReport(0, List.of());
        }

        @Override
        public List<Double> measure(List<TrainingRow> rows) {
            return rows.stream()
                    .map(row -> said(answer(row)) / row.answerTokens())
                    .toList();
        }

        private String answer(TrainingRow row) {
            return base.text(Arrays.copyOfRange(row.tokens(), row.answerStart(), row.tokens().length));
        }

        @Override
        public double optimStep(OptimStep step) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LoraAdapter snapshot() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
