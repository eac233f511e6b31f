package dev.apprentice.engine.decoder;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one serving step computes: some rows' next tokens, laid end to end.
 *
 * @param rows in such an order that rows of one adapter are neighbours
 */
public record Step(List<Row> rows) {

    /** After which tokens of a row the logits are needed. */
    public enum Wanted {
        /** After none: more of the row is to be read first. */
        NONE,
        /** After the last, to choose the next one. */
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
     * @param wanted after which of its tokens the logits are needed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed to native code as it is, and never compared
    public record Row(
            int[] tokens,
            int past,
            RowCache cache,
            @Nullable LoraTensors adapter,
            Wanted wanted) {
        public Row {
            assert tokens.length > 0 && past >= 0 && past + tokens.length <= cache.capacity()
                    : tokens.length + " tokens after " + past + " in a cache of " + cache.capacity();
        }

        /** How many rows of logits the step gives back for it. */
        public int logits() {
            return switch (wanted) {
                case NONE -> 0;
                case LAST -> 1;
                case ALL -> tokens.length;
            };
        }
    }

    public Step {
        rows = List.copyOf(rows);
        assert !rows.isEmpty() : "a step without rows";
    }
}
