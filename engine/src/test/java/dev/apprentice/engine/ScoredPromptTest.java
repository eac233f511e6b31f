package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.engine.training.Loss;
import dev.apprentice.engine.training.TrainingRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a prompt's own tokens score is what they would score as an answer. */
@ExtendWith(SharedEngine.class)
@Timeout(300)
class ScoredPromptTest {
    /** docs/engine.md: equal means log-probabilities within this. */
    private static final double EQUAL = 1e-3;

    private static final String TEXT =
            "The capital of France is Paris, and the capital of Italy is Rome. Zebras, however, live elsewhere! ";

    private final Engine engine;

    ScoredPromptTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void eachTokenScoresAsItDoesWhenItIsAnsweredStepByStep() throws InterruptedException {
        var prompt = prompt(8);
        assertThat(prompt.length).as("more than two pieces").isGreaterThan(130);
        var rest = Arrays.stream(prompt).skip(1).boxed().toList();
        var answered = engine.submit(GenerationRequest.of(new int[] {prompt[0]}, tops(rest.size()))
                        .guided(new AnswerGuide.Forced(rest)))
                .await();

        var scored = score(prompt, tops(2)).await();

        assertSame(scored.scored(), answered.tokens());
        assertThat(scored.tokens()).hasSize(2);
    }

    @Test
    void theMeanIsWhatAStudentMeasuresOnTheSameWeights() throws InterruptedException {
        var prompt = prompt(4);
        var plan = new AdapterPlan(4, 8, 0, 0, 1); // a fresh adapter changes nothing
        double measured;
        try (var student = engine.training().student(plan, null, 1)) {
            measured = student.measure(List.of(new TrainingRow(prompt, 1, new Loss.CrossEntropy(1))))
                    .getFirst();
        }

        var scored = score(prompt, SamplingParams.greedy(0)).await();

        assertThat(scored.scored()).hasSize(prompt.length - 1);
        assertThat(scored.scored().stream()
                        .mapToDouble(SampledToken::logprob)
                        .average()
                        .orElseThrow())
                .isCloseTo(measured, within(EQUAL));
    }

    @Test
    void scoresComeFirstAndWithoutAnAnswerTheyAreAll() throws InterruptedException {
        var prompt = prompt(1);
        var running = score(prompt, SamplingParams.greedy(0));

        assertThat(running.next())
                .isInstanceOfSatisfying(
                        GenerationEvent.Scored.class,
                        scored -> assertThat(scored.prompt())
                                .extracting(SampledToken::id)
                                .containsExactlyElementsOf(
                                        Arrays.stream(prompt).skip(1).boxed().toList()));
        assertThat(running.next()).isInstanceOfSatisfying(GenerationEvent.Finished.class, finished -> {
            assertThat(finished.completion().text()).isEmpty();
            assertThat(finished.completion().tokens()).isEmpty();
            assertThat(finished.completion().finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(finished.completion().promptTokens()).isEqualTo(prompt.length);
        });
    }

    @Test
    void nothingPrecedesAPromptOfOneToken() throws InterruptedException {
        var running = score(new int[] {prompt(1)[0]}, SamplingParams.greedy(1));

        assertThat(running.next()).isEqualTo(new GenerationEvent.Scored(List.of()));
        assertThat(running.await().tokens()).hasSize(1);
    }

    @Test
    void withoutScoresAnAnswerOfNoTokensIsEmpty() throws InterruptedException {
        var answer = engine.submit(GenerationRequest.of(prompt(1), SamplingParams.greedy(0)))
                .await();

        assertThat(answer.scored()).isEmpty();
        assertThat(answer.text()).isEmpty();
        assertThat(answer.finish()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void scoresAreTheSameAloneAndBesideOthers() throws InterruptedException {
        var alone = new ArrayList<Completion>();
        for (int i = 1; i <= 3; i++) {
            alone.add(score(prompt(2 * i), tops(4)).await());
        }
        var crowd = new ArrayList<Generation>();
        for (int i = 0; i < 9; i++) {
            crowd.add(score(prompt(2 * (i % 3 + 1)), tops(4)));
            crowd.add(engine.submit(GenerationRequest.of(prompt(3), SamplingParams.greedy(12))));
        }

        for (int i = 0; i < 9; i++) {
            var answer = crowd.get(2 * i).await();
            assertSame(answer.scored(), alone.get(i % 3).scored());
            assertSame(answer.tokens(), alone.get(i % 3).tokens());
            crowd.get(2 * i + 1).await();
        }
    }

    private static void assertSame(List<SampledToken> found, List<SampledToken> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            var other = expected.get(i);
            assertThat(found.get(i).id()).isEqualTo(other.id());
            assertThat(found.get(i).logprob()).isCloseTo(other.logprob(), within(EQUAL));
            assertThat(found.get(i).top()).hasSameSizeAs(other.top());
            for (int k = 0; k < other.top().size(); k++) {
                assertThat(found.get(i).top().get(k).logprob())
                        .isCloseTo(other.top().get(k).logprob(), within(EQUAL));
            }
        }
    }

    private Generation score(int[] prompt, SamplingParams params) {
        return engine.submit(GenerationRequest.of(prompt, params).scored(true));
    }

    /** Greedy, with two alternatives told. */
    private static SamplingParams tops(int maxTokens) {
        return new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, maxTokens, maxTokens, List.of(), true, 2);
    }

    private int[] prompt(int times) {
        return engine.tokenizer().encodePlain(TEXT.repeat(times));
    }
}
