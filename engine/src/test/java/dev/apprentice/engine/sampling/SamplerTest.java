package dev.apprentice.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /**
     * Probabilities .5 .3 .15 .04 .01 of five tokens; token 4 ends a turn; a sixth logit is padding and the largest.
     */
    private static final float[] LOGITS = {log(.5), log(.3), log(.15), log(.04), log(.01), 9};

    private static final Set<Integer> STOPS = Set.of(4);

    /** The sixth logit is padding. */
    private static final int VOCABULARY = 5;

    private static float log(double p) {
        return (float) Math.log(p);
    }

    @Test
    void greedyTakesTheBestTokenAndNeverAPaddedOne() {
        var choice = sampler(SamplingParams.greedy(5), new AnswerGuide.Free()).next(LOGITS, 0);

        assertThat(choice.token()).isZero();
        assertThat(choice.logprob()).isCloseTo(Math.log(.5), within(1e-6));
    }

    @Test
    void alternativesComeBestFirstWithTheModelsLogprobs() {
        var params = SamplingParams.greedy(5).withTopLogprobs(3);

        var top = next(sampler(params, new AnswerGuide.Free()), LOGITS).top();

        assertThat(top).extracting(Sampler.Scored::token).containsExactly(0, 1, 2);
        assertThat(top.get(2).logprob()).isCloseTo(Math.log(.15), within(1e-6));
    }

    @Test
    void aSeedGivesTheSameTokensAgain() {
        var params = new SamplingParams(1, 1, 0, 0, Penalties.NONE, Map.of(), 42, 100, 0, List.of(), false, 0);

        assertThat(draw(params, 50)).isEqualTo(draw(params, 50));
    }

    @Test
    void samplingFollowsTheModelsProbabilities() {
        var counts = counts(p -> p);

        // 4,000 draws: the standard error at p = .5 is .008
        assertThat(counts.getOrDefault(0, 0) / 4000.0).isCloseTo(.5, within(.03));
        assertThat(counts.getOrDefault(1, 0) / 4000.0).isCloseTo(.3, within(.03));
        assertThat(counts.getOrDefault(4, 0) / 4000.0).isCloseTo(.01, within(.01));
    }

    @Test
    void topKKeepsTheBestK() {
        assertThat(counts(p ->
                        new SamplingParams(1, 1, 2, 0, Penalties.NONE, Map.of(), p.seed(), 1, 0, List.of(), false, 0)))
                .containsOnlyKeys(0, 1);
    }

    @Test
    void topPKeepsTheSmallestSetThatHoldsTheMass() {
        // .5 alone is under .6, so the second comes too; .5 + .3 holds it
        assertThat(counts(p ->
                        new SamplingParams(1, .6, 0, 0, Penalties.NONE, Map.of(), p.seed(), 1, 0, List.of(), false, 0)))
                .containsOnlyKeys(0, 1);
    }

    @Test
    void minPKeepsWhatIsLikelyEnoughBesideTheBest() {
        // .15 / .5 is .3, .04 / .5 is .08
        assertThat(counts(p ->
                        new SamplingParams(1, 1, 0, .2, Penalties.NONE, Map.of(), p.seed(), 1, 0, List.of(), false, 0)))
                .containsOnlyKeys(0, 1, 2);
    }

    @Test
    void anAnswerDoesNotEndBeforeItsMinimum() {
        float[] ending = {0, 0, 0, 0, 5};
        var params = new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 5, 2, List.of(), false, 0);
        var sampler = sampler(params, new AnswerGuide.Free());

        assertThat(next(sampler, ending).token()).isNotEqualTo(4);
        assertThat(next(sampler, ending).token()).isNotEqualTo(4);
        assertThat(next(sampler, ending).token()).isEqualTo(4);
    }

    @Test
    void theLikeliestAloneIsEnoughWhereNothingElseCounts() {
        var greedy = SamplingParams.greedy(5);
        var prior = new AnswerGuide.Prior(.1, List.of(new AnswerGuide.WeightedAnswer(List.of(3, 3), 1)));

        assertThat(sampler(greedy, new AnswerGuide.Free()).onlyBest()).isTrue();
        assertThat(sampler(greedy, new AnswerGuide.Forced(List.of(3))).onlyBest())
                .isFalse();
        assertThat(sampler(greedy.withLogitBias(Map.of(3, 1.0)), new AnswerGuide.Free())
                        .onlyBest())
                .isFalse();
        assertThat(sampler(
                                new SamplingParams(1, 1, 0, 0, Penalties.NONE, Map.of(), 0, 5, 0, List.of(), false, 0),
                                new AnswerGuide.Free())
                        .onlyBest())
                .isFalse();
        assertThat(sampler(
                                new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 5, 0, List.of(), false, 1),
                                new AnswerGuide.Free())
                        .onlyBest())
                .as("alternatives are asked for")
                .isFalse();

        var sampler = sampler(greedy, prior);
        assertThat(sampler.onlyBest()).as("a known answer may weigh on it").isFalse();
        assertThat(sampler.next(0, -.5).token()).isZero();
        assertThat(sampler.onlyBest()).as("no known answer goes on from here").isTrue();
    }

    @Test
    void theLikeliestIsNoEndWhereTheAnswerMayNotEnd() {
        var params = new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 5, 1, List.of(), false, 0);
        var sampler = sampler(params, new AnswerGuide.Free());

        assertThat(sampler.never()).containsExactly(4);
        assertThat(sampler.next(1, -.5)).isEqualTo(new Sampler.Choice(1, -.5, List.of()));
        assertThat(sampler.never()).isEmpty();
    }

    @Test
    void aForcedAnswerIsSaidWithTheModelsLogprobs() {
        var sampler = sampler(SamplingParams.greedy(5), new AnswerGuide.Forced(List.of(3, 1)));

        assertThat(next(sampler, LOGITS)).satisfies(choice -> {
            assertThat(choice.token()).isEqualTo(3);
            assertThat(choice.logprob()).isCloseTo(Math.log(.04), within(1e-6));
        });
        assertThat(next(sampler, LOGITS).token()).isEqualTo(1);
    }

    @Test
    void knownAnswersWeighOnTheNextToken() {
        var prior = new AnswerGuide.Prior(
                .5,
                List.of(
                        new AnswerGuide.WeightedAnswer(List.of(2, 3, 4), 3),
                        new AnswerGuide.WeightedAnswer(List.of(1, 4), 1)));
        var sampler = sampler(SamplingParams.greedy(5), prior);

        // token 2: .5 * .15 + .5 * 3/4 = .45; token 0: .5 * .5 = .25
        assertThat(next(sampler, LOGITS).token()).isEqualTo(2);
        // only the first answer goes on from 2: token 3 has .5 * .04 + .5 = .52
        assertThat(next(sampler, LOGITS).token()).isEqualTo(3);
    }

    @Test
    void knownAnswersFallSilentOnceNoneAgrees() {
        var prior = new AnswerGuide.Prior(.1, List.of(new AnswerGuide.WeightedAnswer(List.of(3, 3), 1)));
        var sampler = sampler(SamplingParams.greedy(5), prior);

        assertThat(next(sampler, LOGITS).token()).isZero();
        assertThat(next(sampler, LOGITS).token()).isZero();
    }

    @Test
    void repetitionIsPenalisedOverPromptAndAnswer() {
        // the prompt has token 1: 2 / 4 = .5 falls behind 1; then token 0 has been said: 1 / 4 falls behind .5
        float[] logits = {1, 2, -9, -9, -9};
        var params = SamplingParams.greedy(5).withPenalties(new Penalties(4, 0, 0));
        var sampler = sampler(params, new AnswerGuide.Free());

        assertThat(next(sampler, logits).token()).isZero();
        assertThat(next(sampler, logits).token()).isEqualTo(1);
    }

    @Test
    void theLeastPenaltyTakesNoLogitBeyondAllNumbers() {
        float[] logits = {1, 2, -9, -9, -9};
        var params = new SamplingParams(
                1, 1, 2, 0, new Penalties(Double.MIN_VALUE, 0, 0), Map.of(), 7, 5, 0, List.of(), false, 0);

        assertThat(next(sampler(params, new AnswerGuide.Free()), logits).token())
                .isEqualTo(1);
    }

    @Test
    void presenceAndFrequencyCountTheAnswerAlone() {
        // token 1 is in the prompt and has no penalty yet; each time it is said costs 1, having been said another 2
        float[] logits = {0, 3.5f, -9, -9, -9};
        var params = SamplingParams.greedy(5).withPenalties(new Penalties(1, 2, 1));
        var sampler = sampler(params, new AnswerGuide.Free());

        assertThat(next(sampler, logits).token()).isEqualTo(1);
        assertThat(next(sampler, logits).token()).isEqualTo(1);
        assertThat(next(sampler, logits).token()).isZero();
    }

    @Test
    void aBiasMovesTheChoiceAndNotTheReportedLogprob() {
        var params = SamplingParams.greedy(5).withLogitBias(Map.of(3, 100.0, 77_777, 100.0));

        var choice = next(sampler(params, new AnswerGuide.Free()), LOGITS);

        assertThat(choice.token()).isEqualTo(3);
        assertThat(choice.logprob()).isCloseTo(Math.log(.04), within(1e-6));
    }

    @Test
    void badValuesNameTheFieldAndWhatWasExpected() {
        assertThatThrownBy(
                        () -> new SamplingParams(-1, 1, 0, 0, Penalties.NONE, Map.of(), 0, 1, 0, List.of(), false, 0))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.field()).isEqualTo("temperature");
                    assertThat(e.expected()).isEqualTo("a number from 0 to 2");
                });
        assertThatThrownBy(() -> SamplingParams.greedy(-1)).hasMessageContaining("max_tokens");
        assertThatThrownBy(() -> SamplingParams.greedy(1).withStop(List.of(""))).hasMessageContaining("stop");
    }

    private static Map<Integer, Integer> counts(UnaryOperator<SamplingParams> change) {
        var counts = new HashMap<Integer, Integer>();
        for (int seed = 0; seed < 4000; seed++) {
            var params = change.apply(
                    new SamplingParams(1, 1, 0, 0, Penalties.NONE, Map.of(), seed, 1, 0, List.of(), false, 0));
            counts.merge(next(sampler(params, new AnswerGuide.Free()), LOGITS).token(), 1, Integer::sum);
        }
        return counts;
    }

    private static List<Integer> draw(SamplingParams params, int count) {
        var sampler = sampler(params, new AnswerGuide.Free());
        return IntStream.range(0, count)
                .mapToObj(_ -> next(sampler, LOGITS).token())
                .toList();
    }

    private static Sampler.Choice next(Sampler sampler, float[] logits) {
        return sampler.next(logits, norm(logits));
    }

    private static double norm(float[] logits) {
        return Math.log(IntStream.range(0, VOCABULARY)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum());
    }

    private static Sampler sampler(SamplingParams params, AnswerGuide guide) {
        return new Sampler(params, guide, new int[] {1}, STOPS, null, VOCABULARY);
    }
}
