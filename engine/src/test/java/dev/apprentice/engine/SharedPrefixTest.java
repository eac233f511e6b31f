package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.reference.ReferenceCase;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that begin alike are read once, and answered as if each had been read by itself. */
@Timeout(120)
class SharedPrefixTest {
    /** docs/engine.md: equal means equal greedy text and log-probabilities within this. */
    private static final double EQUAL = 1e-3;

    private static final int BLOCK = 64;

    private static final SamplingParams TWELVE = params(12);

    private static final String TENANT = "support";

    private final Engine engine =
            Engine.open(EngineSettings.of(ReferenceCase.of("llama-tied").model()), Seams.real());

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aHitAnswersAsAMiss() throws InterruptedException {
        var prompt = prompt(200, 1);
        var alone = engine.submit(GenerationRequest.of(prompt, TWELVE)).await();

        var miss = ask(prompt, TENANT, null).await();
        var hit = ask(prompt, TENANT, null).await();

        assertThat(alone.cachedTokens())
                .as("who names no tenant shares nothing")
                .isZero();
        assertThat(miss.cachedTokens()).isZero();
        assertThat(hit.cachedTokens()).isEqualTo(3 * BLOCK);
        assertEqual(miss, alone);
        assertEqual(hit, alone);
    }

    @Test
    void promptsShareAsMuchAsTheyHaveInCommon() throws InterruptedException {
        var first = prompt(230, 2);
        var other = first.clone();
        other[150] = 91; // in the third block
        ask(first, TENANT, null).await();

        assertThat(ask(other, TENANT, null).await().cachedTokens()).isEqualTo(2 * BLOCK);
        assertThat(ask(first, TENANT, null).await().cachedTokens()).isEqualTo(3 * BLOCK);
        other[0] = 92;
        assertThat(ask(other, TENANT, null).await().cachedTokens()).isZero();
    }

    @Test
    void theLastTokenIsAlwaysRead() throws InterruptedException {
        var prompt = prompt(2 * BLOCK, 3);
        var miss = ask(prompt, TENANT, null).await();
        var hit = ask(prompt, TENANT, null).await();

        assertThat(hit.cachedTokens()).isEqualTo(BLOCK);
        assertEqual(hit, miss);
    }

    @Test
    void anAnswerIsPartOfTheNextTurnsBeginning() throws InterruptedException {
        var prompt = prompt(100, 4);
        var answer = ask(prompt, TENANT, null, params(80)).await();
        var next = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        answer.tokens().forEach(token -> next.add(token.id()));
        Arrays.stream(prompt(30, 5)).forEach(next::add);
        var turn = next.stream().mapToInt(Integer::intValue).toArray();

        var hit = ask(turn, TENANT, null).await();

        assertThat(hit.cachedTokens()).isEqualTo(2 * BLOCK);
        assertEqual(hit, engine.submit(GenerationRequest.of(turn, TWELVE)).await());
    }

    @Test
    void noTenantAndNoAdapterReadsForAnother(@TempDir Path folder) throws InterruptedException {
        var prompt = prompt(150, 6);
        var adapters = Arrays.asList(
                null,
                RandomAdapter.in(folder.resolve("a"), 1, engine.base()),
                RandomAdapter.in(folder.resolve("b"), 2, engine.base()));
        for (var adapter : adapters) {
            var expected = engine.submit(GenerationRequest.of(prompt, TWELVE).by(adapter))
                    .await();
            assertThat(ask(prompt, TENANT, adapter).await().cachedTokens())
                    .as("a swap of the adapter makes it miss")
                    .isZero();
            assertThat(ask(prompt, TENANT + "-other", adapter).await().cachedTokens())
                    .as("never shared")
                    .isZero();
            var hit = ask(prompt, TENANT, adapter).await();
            assertThat(hit.cachedTokens()).isEqualTo(2 * BLOCK);
            assertEqual(hit, expected);
        }
    }

    @Test
    void aPromptThatIsScoredIsReadAndReadForOthers() throws InterruptedException {
        var prompt = prompt(150, 7);
        var request = GenerationRequest.of(prompt, TWELVE).sharedWithin(TENANT).scored(true);
        var first = engine.submit(request).await();

        assertThat(ask(prompt, TENANT, null).await().cachedTokens()).isEqualTo(2 * BLOCK);
        var again = engine.submit(request).await();
        assertThat(again.cachedTokens()).isZero();
        assertThat(again.scored()).hasSameSizeAs(first.scored());
    }

    @Test
    void ofManyThatComeAtOnceOneReadsForAll() throws InterruptedException {
        var prompts = List.of(prompt(240, 8), prompt(240, 9), prompt(40, 10));
        var alone = new ArrayList<Completion>();
        for (var prompt : prompts) {
            alone.add(engine.submit(GenerationRequest.of(prompt, TWELVE)).await());
        }
        int before = engine.stats().openScopes();
        var threads = new ArrayList<Thread>();
        var crowd = new Generation[24];
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = thread; i < crowd.length; i += 4) {
                    crowd[i] = ask(prompts.get(i % 3), TENANT, null);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        int readers = 0;
        for (int i = 0; i < crowd.length; i++) {
            var answer = crowd[i].await();
            assertEqual(answer, alone.get(i % 3));
            readers += i % 3 < 2 && answer.cachedTokens() == 0 ? 1 : 0;
        }
        assertThat(readers).as("one for each of two prompts").isEqualTo(2);
        while (engine.stats().running() > 0) {
            Thread.onSpinWait();
        }
        assertThat(engine.stats().openScopes()).isEqualTo(before);
    }

    @Test
    void whatIsKeptIsCounted() throws InterruptedException {
        var before = engine.stats().prefixes();
        var prompt = prompt(130, 11);
        ask(prompt, TENANT, null, params(1)).await();
        ask(prompt, TENANT, null, params(1)).await();
        var after = engine.stats().prefixes();

        assertThat(after.takenTokens() - before.takenTokens()).isEqualTo(2 * BLOCK);
        assertThat(after.readTokens() - before.readTokens()).isEqualTo(130 + 2);
        assertThat(after.blocks()).isPositive();
        assertThat(after.bytes()).isPositive().isLessThanOrEqualTo(1L << 29);
    }

    private static void assertEqual(Completion found, Completion expected) {
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(found.tokens()).hasSameSizeAs(expected.tokens());
        for (int i = 0; i < expected.tokens().size(); i++) {
            assertThat(found.tokens().get(i).logprob())
                    .isCloseTo(expected.tokens().get(i).logprob(), within(EQUAL));
        }
    }

    private Generation ask(int[] prompt, String within, @Nullable AdapterRef adapter) {
        return ask(prompt, within, adapter, TWELVE);
    }

    private Generation ask(int[] prompt, String within, @Nullable AdapterRef adapter, SamplingParams params) {
        return engine.submit(GenerationRequest.of(prompt, params).by(adapter).sharedWithin(within));
    }

    /** Greedy, and so many tokens whatever they are. */
    private static SamplingParams params(int tokens) {
        return new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, tokens, tokens, List.of(), true, 0);
    }

    private static int[] prompt(int tokens, int salt) {
        return IntStream.range(0, tokens)
                .map(i -> 10 + (i * 7 + i / 13 + salt * 31) % 80)
                .toArray();
    }
}
