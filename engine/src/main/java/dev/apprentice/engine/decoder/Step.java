package dev.apprentice.engine.decoder;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one serving step computes: some rows' next tokens, laid end to end.
 *
 * @param rows in such an order that rows of one adapter are neighbours
 * @param vocabulary how many ids can come next; logits beyond them are padding
 */
public record Step(List<Row> rows, int vocabulary) {

    /** After which tokens of a row it is wanted what comes next. */
    public enum Wanted {
        /** After none: more of the row is to be read first. */
        NONE,
        /** After the last, only the likeliest one. */
        BEST,
        /** After the last, all logits, to choose one by. */
        LAST,
        /** After every one, to see what the row's own tokens score. */
        ALL
    }

    /**
     * One row's part.
     *
     * @param tokens ids to read now, at least one
     * @param past how many tokens of the row are in its cache already
     * @param cache where its keys and values go; holds at least {@code past + tokens.length}
     * @param adapter whose weights read it, or null for the bare base
     * @param wanted after which of its tokens it is wanted what comes next
     * @param never ids that cannot be the likeliest one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed to native code as it is, and never compared
    public record Row(
            int[] tokens,
            int past,
            RowCache cache,
            @Nullable LoraTensors adapter,
            Wanted wanted,
            int[] never) {
        private static final int[] NONE = {};

        /** A row in which any id can be the likeliest one. */
        public Row(int[] tokens, int past, RowCache cache, @Nullable LoraTensors adapter, Wanted wanted) {
            this(tokens, past, cache, adapter, wanted, NONE);
        }

        public Row {
            assert tokens.length > 0 && past >= 0 && past + tokens.length <= cache.capacity()
                    : tokens.length + " tokens after " + past + " in a cache of " + cache.capacity();
        }

        /** After how many of its tokens it is wanted what comes next. */
        public int predictions() {
            return switch (wanted) {
                case NONE -> 0;
                case BEST, LAST -> 1;
                case ALL -> tokens.length;
            };
        }
    }

    public Step {
        rows = List.copyOf(rows);
        assert !rows.isEmpty() : "a step without rows";
    }
}
