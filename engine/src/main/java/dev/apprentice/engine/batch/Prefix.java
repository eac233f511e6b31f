package dev.apprentice.engine.batch;

import dev.apprentice.engine.decoder.CacheBlocks;
import dev.apprentice.engine.decoder.RowCache;
import org.jspecify.annotations.Nullable;

/** One row's dealings with the {@link PrefixCache}. Belongs to the engine thread once it is made. */
final class Prefix {
    private final PrefixCache cache;
    private final BlockNames names;
    private final int promptTokens;
    private final boolean takes;
    private int kept;

    private Prefix(PrefixCache cache, BlockNames names, int promptTokens, boolean takes) {
        this.cache = cache;
        this.names = names;
        this.promptTokens = promptTokens;
        this.takes = takes;
    }

    /** That of {@code request}; null if it shares nothing. A prompt that is scored has to be read, and is kept. */
    static @Nullable Prefix of(GenerationRequest request, @Nullable PrefixCache cache) {
        if (cache == null || request.tenant() == null) {
            return null;
        }
        var names = new BlockNames(request.tenant(), request.adapter());
        for (int token : request.prompt()) {
            names.add(token);
        }
        return new Prefix(cache, names, request.prompt().length, !request.scored());
    }

    /**
     * Fills {@code row}, which has read {@code read} tokens, as far as the cache goes; the prompt's last token is
     * always left to be read, because the answer comes from its logits.
     *
     * @return how many tokens were taken
     */
    int take(RowCache row, int read) {
        if (!takes || read % CacheBlocks.TOKENS != 0) {
            return 0;
        }
        int at = read;
        while (at + CacheBlocks.TOKENS < promptTokens && cache.take(names.name(at / CacheBlocks.TOKENS), row, at)) {
            at += CacheBlocks.TOKENS;
        }
        if (at > read) {
            kept = Math.max(kept, at / CacheBlocks.TOKENS);
            cache.touch(names::name, kept);
        }
        return at - read;
    }

    /**
     * Keeps the blocks that {@code row} has read to their end, of {@code read} tokens of which {@code prompt} are new.
     */
    void keep(RowCache row, int read, int prompt) {
        cache.missed(prompt);
        int before = kept;
        for (; kept < Math.min(names.whole(), read / CacheBlocks.TOKENS); kept++) {
            cache.keep(names.name(kept), row, kept * CacheBlocks.TOKENS);
        }
        if (kept > before) {
            cache.touch(names::name, kept);
        }
    }

    /** The answer goes on with {@code token}, which is read next. */
    void said(int token) {
        names.add(token);
    }
}
