package dev.apprentice.engine.text;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Remembers the ids of texts between control tokens. The same ones come again and again: an instance's system prompt
 * with each request, every turn of a conversation with its next one, and a question once for its answer and once for
 * recall; to find their tokens takes longer than all else that is done for a short request before the model sees it.
 * Safe for any thread.
 *
 * <p>It may be used only where {@link TokenizerFile#splitsAtControlTokens()}: then the native tokenizer, too, cuts a
 * text there first and looks at each piece by itself.
 */
final class KnownPieces {
    private static final long BYTES_MAX = 16L << 20;
    private static final int ENTRY_BYTES = 100;

    /** Texts that may not be stored must not stay in memory for long either. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    /** Longer ones hardly come twice, and would push out many that do. */
    private static final int LENGTH_MAX = 20_000;

    private final Guard control;
    private final Function<String, int[]> encoder;
    private final Cache<String, int[]> known = Caffeine.newBuilder()
            .expireAfterWrite(LIFE)
            .maximumWeight(BYTES_MAX)
            .weigher((String text, int[] ids) ->
                    ENTRY_BYTES + Character.BYTES * text.length() + Integer.BYTES * ids.length)
            .executor(Runnable::run) // to wake another thread costs more than what it would do
            .build();

    /**
     * Pieces of texts between tokens of {@code control}.
     *
     * @param encoder finds the ids of one
     */
    KnownPieces(List<AddedToken> control, Function<String, int[]> encoder) {
        this.control = new Guard(control);
        this.encoder = encoder;
    }

    /** The ids of {@code text}; the array is the caller's. */
    int[] ids(String text) {
        var ids = IntStream.builder();
        int start = 0;
        for (int i = 0; i < text.length(); ) {
            var token = control.at(text, i);
            if (token == null) {
                i++;
                continue;
            }
            add(text, start, i, ids);
            ids.add(token.id());
            i += token.text().length();
            start = i;
        }
        add(text, start, text.length(), ids);
        return ids.build().toArray();
    }

    private void add(String text, int start, int end, IntStream.Builder ids) {
        if (start < end) {
            var piece = text.substring(start, end);
            Arrays.stream(piece.length() > LENGTH_MAX ? encoder.apply(piece) : known.get(piece, encoder))
                    .forEach(ids);
        }
    }
}
