package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedEngine.class)
@Timeout(300)
class EngineTest {
    /** docs/engine.md: equal means equal greedy text and log-probabilities within this. */
    private static final double EQUAL = 1e-3;

    private final Engine engine;

    EngineTest(Engine engine) {
        this.engine = engine;
    }

    @AfterEach
    void nothingIsLeftRunning() throws InterruptedException {
        while (engine.stats().running() + engine.stats().waiting() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theDefaultModelAnswers() throws InterruptedException {
        var answer = greedy("What is the capital of France?", 24);

        assertThat(answer.text()).contains("Paris");
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
        assertThat(answer.promptTokens()).isGreaterThan(20);
    }

    @Test
    void anAnswerIsTheSameAloneAndInACrowd() throws InterruptedException {
        var questions = List.of(
                "What is the capital of France?",
                "Count from one to ten.",
                "Write one sentence about rain.",
                "What is water made of?",
                "Name a planet.");
        var alone = new ArrayList<Completion>();
        for (var question : questions) {
            alone.add(greedy(question, 20));
        }
        var crowd = new ArrayList<Generation>();
        for (int i = 0; i < 20; i++) {
            crowd.add(submit(prompt(questions.get(i % questions.size())), SamplingParams.greedy(20)));
        }

        for (int i = 0; i < crowd.size(); i++) {
            assertEqual(crowd.get(i).await(), alone.get(i % questions.size()));
        }
    }

    @Test
    void rowsOfDifferentAdaptersShareABatchAndKeepToTheirOwn(@TempDir Path folder) throws InterruptedException {
        var adapters = Arrays.asList(
                null,
                RandomAdapter.in(folder.resolve("a"), 1, engine.base()),
                RandomAdapter.in(folder.resolve("b"), 2, engine.base()));
        var prompt = prompt("Tell me about the moon.");
        var alone = new ArrayList<Completion>();
        for (var adapter : adapters) {
            alone.add(engine.submit(GenerationRequest.of(prompt, SamplingParams.greedy(16))
                            .by(adapter))
                    .await());
        }
        assertThat(alone).extracting(Completion::text).doesNotHaveDuplicates();

        var together = new ArrayList<Generation>();
        for (int i = 0; i < 12; i++) {
            together.add(engine.submit(
                    GenerationRequest.of(prompt, SamplingParams.greedy(16)).by(adapters.get(i % 3))));
        }

        for (int i = 0; i < together.size(); i++) {
            assertEqual(together.get(i).await(), alone.get(i % 3));
        }
    }

    /** Rows with an adapter each are computed as one stack from their second common step on. */
    @Test
    void manyAdaptersTogetherAnswerAsEachAlone(@TempDir Path folder) throws InterruptedException {
        var prompt = prompt("Tell me about the moon.");
        var requests = new ArrayList<GenerationRequest>();
        requests.add(GenerationRequest.of(prompt, SamplingParams.greedy(12)));
        for (int seed = 1; seed <= 5; seed++) {
            var adapter = RandomAdapter.in(folder.resolve("adapter-" + seed), seed, engine.base());
            requests.add(GenerationRequest.of(prompt, SamplingParams.greedy(12)).by(adapter));
        }
        int before = engine.stats().openScopes() + 5; // the adapters stay
        var alone = new ArrayList<Completion>();
        for (var request : requests) {
            alone.add(engine.submit(request).await());
        }

        var together = requests.stream().map(engine::submit).toList();

        for (int i = 0; i < alone.size(); i++) {
            assertEqual(together.get(i).await(), alone.get(i));
        }
        nothingIsLeftRunning();
        while (engine.stats().openScopes() > before) {
            Thread.onSpinWait(); // the stack goes when nobody is answered any more
        }
    }

    @Test
    void anAdapterThatIsNotWhatItsDigestSaysIsRefused(@TempDir Path folder) {
        var ref = new AdapterRef(
                "0".repeat(64), RandomAdapter.in(folder, 3, engine.base()).folder());
        var request =
                GenerationRequest.of(prompt("Hello"), SamplingParams.greedy(2)).by(ref);

        assertThatThrownBy(() -> engine.submit(request)).isInstanceOf(BadModelException.class);
    }

    @Test
    void aLongPromptReadInChunksIsAnsweredAsIfReadAtOnce() throws InterruptedException {
        var words = "The quick brown fox jumps over the lazy dog. ".repeat(60);
        var prompt = prompt(words + "Which animal jumps?");
        assertThat(prompt.length)
                .isGreaterThan(2 * EngineSettings.of(Path.of("x")).prefillTokens());

        var alone = engine.submit(GenerationRequest.of(prompt, SamplingParams.greedy(12)))
                .await();
        var beside = submit(prompt("Count from one to twenty."), SamplingParams.greedy(60));
        var again = submit(prompt, SamplingParams.greedy(12)).await();

        assertEqual(again, alone);
        assertThat(beside.await().tokens()).isNotEmpty();
    }

    @Test
    void theSameSeedGivesTheSameAnswer() throws InterruptedException {
        var params = new SamplingParams(1, .9, 0, 0, Penalties.NONE, Map.of(), 7, 24, 0, List.of(), false, 0);
        var prompt = prompt("Tell me a short story.");

        var first = submit(prompt, params).await();
        var others = List.of(submit(prompt, params), submit(prompt("Hello"), params), submit(prompt, params));

        assertThat(others.get(0).await().text()).isEqualTo(first.text());
        assertThat(others.get(2).await().text()).isEqualTo(first.text());
        others.get(1).await();
    }

    @Test
    void aForcedAnswerIsSaidToTheLetter() throws InterruptedException {
        var text = "Brindlewick 名前は🙂";
        var ids = Arrays.stream(engine.tokenizer().encode(text, false)).boxed().toList();

        var answer = engine.submit(GenerationRequest.of(prompt("Which desk?"), SamplingParams.greedy(100))
                        .guided(new AnswerGuide.Forced(ids)))
                .await();

        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokens()).extracting(SampledToken::id).isEqualTo(ids);
    }

    @Test
    void noCharacterIsBrokenWhereverAnAnswerIsCut() throws InterruptedException {
        var text = "名前は🙂👩‍👩‍👧 ñ";
        var ids = Arrays.stream(engine.tokenizer().encode(text, false)).boxed().toList();
        for (int limit = 1; limit <= ids.size(); limit++) {
            var running = engine.submit(GenerationRequest.of(prompt("Say it"), SamplingParams.greedy(limit))
                    .guided(new AnswerGuide.Forced(ids)));
            var deltas = new StringBuilder();
            Completion whole = null;
            while (whole == null) {
                switch (running.next()) {
                    case GenerationEvent.Scored _ -> throw new AssertionError("no scores were asked for");
                    case GenerationEvent.Delta delta -> deltas.append(delta.text());
                    case GenerationEvent.Finished(var completion) -> whole = completion;
                    case GenerationEvent.Failed(var error) -> throw error;
                }
            }
            assertThat(whole.text()).isEqualTo(deltas.toString()).doesNotContain("\uFFFD");
            assertThat(text).startsWith(whole.text());
        }
    }

    @Test
    void aStopStringAcrossTokensIsNeverShown() throws InterruptedException {
        var ids = Arrays.stream(engine.tokenizer().encode("alpha ###END### beta", false))
                .boxed()
                .toList();
        var params = SamplingParams.greedy(100).withStop(List.of("###END###"));

        var answer = engine.submit(
                        GenerationRequest.of(prompt("Say it"), params).guided(new AnswerGuide.Forced(ids)))
                .await();

        assertThat(answer.text()).isEqualTo("alpha ");
        assertThat(answer.stopString()).isEqualTo("###END###");
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void whoGoesAwayFreesTheirPlace() throws InterruptedException {
        var params = new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 2000, 2000, List.of(), true, 0);
        var running = submit(prompt("Count."), params);
        assertThat(running.next()).isInstanceOf(GenerationEvent.Delta.class);

        running.close();

        GenerationEvent last = running.next();
        while (last instanceof GenerationEvent.Delta) {
            last = running.next();
        }
        assertThat(last)
                .isInstanceOfSatisfying(
                        GenerationEvent.Finished.class,
                        finished -> assertThat(finished.completion().finish()).isEqualTo(FinishReason.CANCELLED));
        assertThat(greedy("What is the capital of France?", 24).text()).contains("Paris");
    }

    /** Case C75: a long prompt is read in pieces, and with each piece everyone who is being answered gets a token. */
    @Test
    void answersGoOnWhileLongPromptsAreRead() throws Exception {
        int tokens = 1900;
        int pieces = tokens / EngineSettings.of(Path.of("any")).prefillTokens();
        var params = new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 2000, 2000, List.of(), true, 0);
        var heard = List.of(new AtomicInteger(), new AtomicInteger());
        try (var readers = Executors.newVirtualThreadPerTaskExecutor(); // closed last: it waits for them
                var count = submit(prompt("Count."), params);
                var sing = submit(prompt("Sing."), params)) {
            var _ = readers.submit(() -> listen(count, heard.get(0)));
            var _ = readers.submit(() -> listen(sing, heard.get(1)));
            while (heard.stream().anyMatch(tokensOfOne -> tokensOfOne.get() == 0)) {
                Thread.onSpinWait();
            }
            var before = heard.stream().mapToInt(AtomicInteger::get).toArray();
            var prompt = new Random(75).ints(tokens, 100, 40_000).toArray();

            submit(prompt, SamplingParams.greedy(1)).await();

            for (int i = 0; i < before.length; i++) {
                assertThat(heard.get(i).get() - before[i])
                        .as("tokens of an answer during %d pieces, the last of which may not be heard of yet", pieces)
                        .isGreaterThanOrEqualTo(pieces - 1);
            }
        }
    }

    private static boolean listen(Generation answer, AtomicInteger heard) throws InterruptedException {
        while (answer.next() instanceof GenerationEvent.Delta delta) {
            heard.addAndGet(delta.tokens().size());
        }
        return true;
    }

    @Test
    void anAnswerPastItsDeadlineFails() throws InterruptedException {
        var params = new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 2000, 2000, List.of(), true, 0);
        var request = GenerationRequest.of(prompt("Count."), params)
                .until(Instant.now().plusMillis(300));

        assertThatThrownBy(() -> engine.submit(request).await())
                .isInstanceOfSatisfying(
                        UnavailableException.class, e -> assertThat(e.code()).isEqualTo("deadline_exceeded"));
    }

    @Test
    void aPromptThatCannotFitIsRefusedWithBothNumbers() {
        var prompt = new int[8200];
        Arrays.fill(prompt, 100);

        assertThatThrownBy(() -> submit(prompt, SamplingParams.greedy(1)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("context_length_exceeded"))
                .hasMessageContaining("8192")
                .hasMessageContaining("8200");
    }

    @Test
    void nativeMemoryReturnsToItsBaseAfterAnswers() throws InterruptedException {
        greedy("Hello", 2);
        int before = engine.stats().openScopes();
        var running = new ArrayList<Generation>();
        for (int i = 0; i < 24; i++) {
            running.add(submit(prompt("Say " + i), SamplingParams.greedy(8)));
        }
        for (int i = 0; i < running.size(); i++) {
            if (i % 3 == 0) {
                running.get(i).close();
            } else {
                running.get(i).await();
            }
        }
        nothingIsLeftRunning();

        assertThat(engine.stats().openScopes()).isEqualTo(before);
    }

    private void assertEqual(Completion found, Completion expected) {
        assertThat(found.text()).isEqualTo(expected.text());
        for (int i = 0; i < expected.tokens().size(); i++) {
            assertThat(found.tokens().get(i).logprob())
                    .isCloseTo(expected.tokens().get(i).logprob(), within(EQUAL));
        }
    }

    private Completion greedy(String question, int maxTokens) throws InterruptedException {
        return submit(prompt(question), SamplingParams.greedy(maxTokens)).await();
    }

    private Generation submit(int[] prompt, SamplingParams params) {
        return engine.submit(GenerationRequest.of(prompt, params));
    }

    private int[] prompt(String question) {
        return engine.template()
                .render(List.of(ChatMessage.of("user", question)), List.of(), true, Map.of())
                .ids();
    }
}
