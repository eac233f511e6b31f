package dev.apprentice.engine.decoder;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one serving step computes: some rows' next tokens, laid end to end.
 *
 * @param rows in such an order that rows of one adapter are neighbours
 */
public record Step(List<Row> rows) {

    /**
     * One row's part.
     *
     * @param tokens ids to read now, at least one
     * @param past how many tokens of the row are in its cache already
     * @param cache where its keys and values go; holds at least {@code past + tokens.length}
     * @param adapter whose weights read it, or null for the bare base
     * @param wanted whether the logits after the last token are needed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed to native code as it is, and never compared
    public record Row(
            int[] tokens,
            int past,
            RowCache cache,
            @Nullable LoraTensors adapter,
            boolean wanted) {
        public Row {
            assert tokens.length > 0 && past >= 0 && past + tokens.length <= cache.capacity()
                    : tokens.length + " tokens after " + past + " in a cache of " + cache.capacity();
        }
    }

    public Step {
        rows = List.copyOf(rows);
        assert !rows.isEmpty() : "a step without rows";
    }
}
