package dev.apprentice.engine.sampling;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apprentice.engine.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** The grammars of the constraints that were asked for lately, each made once, on the asker's thread. Thread-safe. */
public final class Grammars {
    private static final long WEIGHT_MAX = 64L << 20;

    private final Tokenizer tokenizer;
    private @Nullable Masks shared;
    private final Cache<Constraint, Grammar> kept = Caffeine.newBuilder()
            .maximumWeight(WEIGHT_MAX)
            .<Constraint, Grammar>weigher((_, grammar) -> (int) Math.min(Integer.MAX_VALUE, grammar.weight()))
            .build();

    /** Grammars over the tokens of {@code tokenizer}. */
    public Grammars(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The grammar of {@code constraint}, or null where any text will do.
     *
     * @throws dev.apprentice.engine.InvalidRequestException naming what cannot be enforced and where it stands
     */
    public @Nullable Grammar of(Constraint constraint) {
        if (constraint instanceof Constraint.None) {
            return null;
        }
        var known = kept.getIfPresent(constraint);
        // not within the cache: a form that takes long to make must not keep others waiting
        var grammar = known == null ? made(constraint) : known;
        // it has grown since it was weighed last
        kept.put(constraint, grammar);
        return grammar;
    }

    private Grammar made(Constraint constraint) {
        var masks = masks();
        var grammar = new Grammar(FormCompiler.of(constraint, masks.vocabulary()), masks.vocabulary(), masks);
        // what cannot be followed at its beginning is refused now, and not by the engine's thread
        grammar.start().tokens();
        return grammar;
    }

    /** Made when first needed: most servers start without anybody asking for a form. */
    private synchronized Masks masks() {
        if (shared == null) {
            shared = new Masks(new Vocabulary(tokenizer));
        }
        return shared;
    }
}
