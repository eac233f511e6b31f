package dev.apprentice.engine.sampling;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.apprentice.engine.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** The grammars of the constraints that were asked for lately, each made once, on the asker's thread. Thread-safe. */
public final class Grammars {
    private static final int KEPT_MAX = 32;

    private final Tokenizer tokenizer;
    private @Nullable Vocabulary vocabulary;
    private final Cache<Constraint, Grammar> kept =
            Caffeine.newBuilder().maximumSize(KEPT_MAX).build();

    /** Grammars over the tokens of {@code tokenizer}. */
    public Grammars(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The grammar of {@code constraint}, or null where any text will do.
     *
     * @throws dev.apprentice.engine.InvalidRequestException naming what cannot be enforced and where it stands
     * @throws dev.apprentice.engine.NotBuiltException for {@link Constraint.Triggered}
     */
    public @Nullable Grammar of(Constraint constraint) {
        if (constraint instanceof Constraint.None) {
            return null;
        }
        return kept.get(constraint, it -> new Grammar(FormCompiler.of(it), vocabulary()));
    }

    /** Sorted when first needed: most servers start without anybody asking for a form. */
    private synchronized Vocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = new Vocabulary(tokenizer);
        }
        return vocabulary;
    }
}
