package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.apprentice.engine.Seams;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContestTest {
    private static final List<Variation> ALL = List.of(Variation.values());

    @Test
    void thePlanAsItStandsAlwaysTakesPart() {
        var contest = new Contest(List.of());
        for (int seed = 0; seed < 20; seed++) {
            var drawn = contest.drawn(3, ALL, Seams.random(seed));
            assertThat(drawn).hasSize(3).doesNotHaveDuplicates().startsWith(Variation.AS_PLANNED);
        }
        assertThat(contest.drawn(2, List.of(Variation.AS_PLANNED), Seams.random(1)))
                .containsExactly(Variation.AS_PLANNED);
    }

    @Test
    void whatWonBeforeIsDrawnAgainAndTheUnknownHasItsTurn() {
        var reports = new ArrayList<JsonNode>();
        for (var plan : ALL) {
            boolean wins = plan == Variation.ALL_LAYERS;
            if (plan != Variation.MORE_REPLAY) {
                reports.addAll(Collections.nCopies(6, sat(plan, wins)));
            }
        }
        reports.add(JsonNodeFactory.instance.objectNode().put("verdict", "PASSED")); // there were no rivals then
        var contest = new Contest(reports);
        var rivals = IntStream.range(0, 400)
                .mapToObj(seed -> contest.drawn(2, ALL, Seams.random(seed)).getLast())
                .toList();

        // P(U^(1/7) > V) of Beta(7, 1) and the uniform of the unknown: 7/8; seven of Beta(1, 7) take little of that
        assertThat(Collections.frequency(rivals, Variation.ALL_LAYERS)).isBetween(300, 380);
        assertThat(Collections.frequency(rivals, Variation.MORE_REPLAY)).isBetween(20, 90);
        assertThat(PlanRecord.of(reports))
                .contains(new PlanRecord("all_layers", 6, 0), new PlanRecord("half_rate", 0, 6))
                .hasSize(ALL.size() - 1);
    }

    @Test
    void theBestHasMoreLessonsRightElseMoreViewsElseIsNearer() {
        assertThat(Contest.best(List.of(report(.9, 1, .01), report(1, .8, .09))))
                .isEqualTo(1);
        assertThat(Contest.best(List.of(report(1, .9, .09), report(1, .8, .01))))
                .isEqualTo(0);
        assertThat(Contest.best(List.of(report(1, .9, .09), report(1, .9, .01))))
                .isEqualTo(1);
        assertThat(Contest.best(List.of(report(1, .9, .01), report(1, .9, .01))))
                .as("the first of equals")
                .isZero();
    }

    @Test
    void aVariationChangesOneThing() {
        var plan = StudyPlan.DEFAULT;
        assertThat(Variation.AS_PLANNED.of(plan)).isEqualTo(plan);
        for (var variation : ALL) {
            var other = variation.of(plan);
            assertThat(other.adapter(30)
                            .equals(plan.with(plan.rate(), other.dropout(), plan.oldShare())
                                    .adapter(30)))
                    .as(variation.word())
                    .isNotEqualTo(variation.shape());
            assertThat(other.alpha() / other.rank()).isEqualTo(plan.alpha() / plan.rank());
            assertThat(Variation.of(variation.word())).contains(variation);
        }
        assertThat(Variation.ALL_LAYERS.of(plan).adapter(30).fromLayer()).isZero();
    }

    private static JsonNode sat(Variation plan, boolean won) {
        return Contest.noted(report(1, 1, 0), plan, won, List.of("cand_other"));
    }

    private static ExamReport report(double exact, double views, double drift) {
        var figures = new ExamReport.Figures(10, 4, 0, exact, 0, views, views, 4, 2, 1, 1, 1, drift, drift, 0, 0);
        return new ExamReport(Verdict.PASSED, List.of(), figures, Map.of(), List.of(), List.of(), 0, ExamPlan.DEFAULT);
    }
}
