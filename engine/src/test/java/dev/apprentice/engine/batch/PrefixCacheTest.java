package dev.apprentice.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.decoder.CacheBlocks;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.decoder.Step.Wanted;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.reference.ReferenceCase;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks hold what a row has read, never more bytes than allowed, and nothing when the cache is closed. */
@Timeout(60)
class PrefixCacheTest {
    private static final int[] PROMPT = IntStream.range(0, 3 * CacheBlocks.TOKENS)
            .map(t -> 10 + (7 * t + t / 13) % 80)
            .toArray();

    private final BaseModel base = BaseModel.open(ReferenceCase.of("llama-tied").model());
    private final Decoder decoder = Decoder.load(base, Kernel.FP32, List.of(), 1);
    private final long blockBytes = decoder.cacheBytes(CacheBlocks.TOKENS);

    @AfterEach
    void nothingIsLeft() {
        assertThat(decoder.openScopes()).as("the decoder's own three").isEqualTo(3);
        decoder.close();
        base.close();
    }

    @Test
    void aRowThatTakesBlocksGoesOnAsTheOneThatReadThem() {
        try (var cache = cache(10);
                var reader = decoder.cache(PROMPT.length);
                var taker = decoder.cache(PROMPT.length)) {
            read(reader, 0, 2 * CacheBlocks.TOKENS);
            cache.keep("a", reader, 0);
            cache.keep("b", reader, CacheBlocks.TOKENS);
            var expected = read(reader, 2 * CacheBlocks.TOKENS, CacheBlocks.TOKENS);

            assertThat(cache.take("a", taker, 0)).isTrue();
            assertThat(cache.take("b", taker, CacheBlocks.TOKENS)).isTrue();
            assertThat(cache.take("c", taker, 0)).isFalse();

            assertThat(read(taker, 2 * CacheBlocks.TOKENS, CacheBlocks.TOKENS)).containsExactly(expected);
        }
    }

    @Test
    void bytesAreBoundedAndWhatMadeRoomIsFreed() {
        var cache = cache(3);
        try (cache;
                var row = decoder.cache(CacheBlocks.TOKENS)) {
            for (int i = 0; i < 10; i++) {
                cache.keep("block " + i, row, 0);
                assertThat(cache.stats().bytes()).isLessThanOrEqualTo(3 * blockBytes);
            }
            assertThat(cache.stats().blocks()).isEqualTo(3);
            assertThat(cache.stats().evictedBlocks()).isEqualTo(7);
        }
        assertThat(cache.stats().blocks()).isZero();
        assertThat(cache.stats().bytes()).isZero();
    }

    /** A conversation's second turn comes once, and what it needs was read a moment ago, whatever is asked for else. */
    @Test
    void whatIsNewStaysAndWhatWasNotUsedForLongestGoes() {
        try (var cache = cache(3);
                var row = decoder.cache(CacheBlocks.TOKENS)) {
            for (var name : List.of("a", "b", "c")) {
                cache.keep(name, row, 0);
                IntStream.range(0, 5)
                        .forEach(_ -> assertThat(cache.take(name, row, 0)).isTrue());
            }
            assertThat(cache.take("a", row, 0)).isTrue();
            cache.keep("new", row, 0);

            assertThat(cache.take("b", row, 0)).isFalse();
            for (var name : List.of("a", "c", "new")) {
                assertThat(cache.take(name, row, 0)).as(name).isTrue();
            }
        }
    }

    @Test
    void aChainIsGivenUpFromItsEnd() {
        try (var cache = cache(3);
                var row = decoder.cache(CacheBlocks.TOKENS)) {
            var chain = List.of("first", "second", "third");
            chain.forEach(name -> cache.keep(name, row, 0));
            cache.touch(chain::get, 3);
            cache.keep("other", row, 0);

            assertThat(cache.take("third", row, 0)).isFalse();
            assertThat(cache.take("first", row, 0)).isTrue();
            assertThat(cache.take("second", row, 0)).isTrue();
        }
    }

    @Test
    void aBlockLargerThanAllThatMayBeKeptIsNotKept() {
        try (var cache = new PrefixCache(decoder.blocks(), blockBytes - 1);
                var row = decoder.cache(CacheBlocks.TOKENS)) {
            cache.keep("a", row, 0);

            assertThat(cache.take("a", row, 0)).isFalse();
            assertThat(cache.stats().bytes()).isZero();
        }
    }

    @Test
    void whatIsThereIsNotCopiedAgain() {
        try (var cache = cache(3);
                var row = decoder.cache(CacheBlocks.TOKENS)) {
            cache.keep("a", row, 0);
            cache.keep("a", row, 0);

            assertThat(cache.stats().blocks()).isEqualTo(1);
        }
    }

    @Test
    void namesTellReadersAndAllTokensBeforeApart() {
        var adapter = new AdapterRef("00", Path.of("x"));
        var names = List.of(
                name("a", null, PROMPT),
                name("b", null, PROMPT),
                name("a", adapter, PROMPT),
                name("a", new AdapterRef("01", adapter.folder()), PROMPT),
                name("a", new AdapterRef("00", Path.of("y")), PROMPT),
                name("a00", null, PROMPT),
                name("a", null, changed(0)),
                name("a", null, changed(CacheBlocks.TOKENS)));

        assertThat(names).doesNotHaveDuplicates();
        assertThat(name("a", null, changed(2 * CacheBlocks.TOKENS)))
                .as("the second block does not know the third")
                .isEqualTo(names.getFirst());
        assertThat(name("a", adapter, PROMPT)).isEqualTo(names.get(2));
    }

    private static int[] changed(int at) {
        var other = PROMPT.clone();
        other[at]++;
        return other;
    }

    /** That of the second block. */
    private static String name(String tenant, @Nullable AdapterRef adapter, int[] tokens) {
        var names = new BlockNames(tenant, adapter);
        Arrays.stream(tokens).forEach(names::add);
        assertThat(names.whole()).isEqualTo(3);
        return names.name(1);
    }

    private PrefixCache cache(int blocks) {
        return new PrefixCache(decoder.blocks(), blocks * blockBytes);
    }

    private float[] read(RowCache row, int from, int count) {
        var tokens = Arrays.copyOfRange(PROMPT, from, from + count);
        return decoder.step(new Step(
                        List.of(new Step.Row(tokens, from, row, null, Wanted.LAST)),
                        decoder.config().vocabulary()))
                .predictions()
                .getFirst()
                .logits();
    }
}
