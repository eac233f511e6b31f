package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pass below the lowest adapter: only rows whose states are not kept are read there, and what those begin with. Their
 * states, and the kept ones, are then laid end to end as the batch has them.
 */
final class FrozenPart {
    private final Learning learning;
    private final LearningBatch batch;
    private final Scope scope;
    private final int count;
    private final @Nullable PtNDArray[] known;
    private final long[] firsts;

    /** Over {@code batch}; what it makes lives in {@code scope}. */
    FrozenPart(Learning learning, LearningBatch batch, Scope scope) {
        this.learning = learning;
        this.batch = batch;
        this.scope = scope;
        count = batch.rows().length / 3;
        known = new PtNDArray[count];
        firsts = new long[count];
        for (int r = 0; r < count; r++) {
            known[r] = learning.kept().of(tokens(r));
        }
        for (int r = 1; r < count; r++) {
            if (known[r] == null && past(r) > 0) {
                known[0] = null; // the keys and values of what they go on from are wanted
            }
        }
    }

    /** Whether anything must be read: layers in between, then {@link #laid}. */
    boolean needed() {
        return Arrays.asList(known).contains(null);
    }

    private int first(int row) {
        return (int) batch.rows()[3 * row];
    }

    private int own(int row) {
        return (int) batch.rows()[3 * row + 1];
    }

    private int past(int row) {
        return (int) batch.rows()[3 * row + 2];
    }

    /** All tokens of a row, those that it shares too. */
    private long[] tokens(int row) {
        int past = past(row);
        var tokens = Arrays.copyOf(batch.ids(), past + own(row));
        System.arraycopy(batch.ids(), first(row), tokens, past, own(row));
        return tokens;
    }

    /** Embeds what must be read. */
    Ways open() {
        var missed = new ArrayList<Integer>();
        int tokens = 0;
        for (int r = 0; r < count; r++) {
            if (known[r] == null) {
                missed.add(r);
                tokens += own(r);
            }
        }
        var ids = new long[tokens];
        var positions = new long[tokens];
        var rows = new long[3 * missed.size()];
        int at = 0;
        for (int i = 0; i < missed.size(); i++) {
            int r = missed.get(i);
            firsts[r] = at;
            rows[3 * i] = at;
            rows[3 * i + 1] = own(r);
            rows[3 * i + 2] = past(r);
            System.arraycopy(batch.ids(), first(r), ids, at, own(r));
            System.arraycopy(batch.positions(), first(r), positions, at, own(r));
            at += own(r);
        }
        return learning.open(scope, ids, positions, rows);
    }

    /**
     * All rows' states, from those read in {@code read} and those kept; keeps what was read.
     *
     * @param read what the last frozen layer made; null if nothing was read
     */
    IValue laid(@Nullable IValue read) {
        try (var now = learning.memory().open()) {
            var fresh = read == null ? null : read.toTensorArray(now.manager())[0];
            var parts = new ArrayList<PtNDArray>();
            var spans = new ArrayList<Long>();
            for (int r = 0; r < count; r++) {
                var kept = known[r];
                if (kept != null) {
                    parts.add(kept);
                    spans.add((long) past(r));
                } else {
                    parts.add(Objects.requireNonNull(fresh));
                    spans.add(firsts[r]);
                }
                spans.add((long) own(r));
            }
            var laid = scope.own(lay(now, parts, spans));
            for (int r = 0; r < count && fresh != null; r++) {
                if (known[r] == null) {
                    keep(r, fresh);
                }
            }
            return laid;
        }
    }

    private void keep(int row, PtNDArray fresh) {
        int past = past(row);
        long size = (long) (past + own(row)) * learning.config().hidden() * Float.BYTES;
        learning.kept().keep(tokens(row), size, into -> {
            try (var now = learning.memory().open()) {
                var parts = past == 0 ? List.of(fresh) : List.of(fresh, fresh);
                var spans = past == 0
                        ? List.of(firsts[row], (long) own(row))
                        : List.of(0L, (long) past, firsts[row], (long) own(row));
                return now.own(lay(now, parts, spans)).toTensorArray(into.manager())[0];
            }
        });
    }

    private IValue lay(Scope now, List<PtNDArray> parts, List<Long> spans) {
        return learning.call(
                "laid",
                now.own(IValue.listFrom(parts.toArray(PtNDArray[]::new))),
                now.own(IValue.listFrom(
                        spans.stream().mapToLong(Long::longValue).toArray())));
    }

    /** What a layer needs to know of the rows that it reads: see {@code training.py}. */
    record Ways(IValue opened, IValue rows) {}
}
