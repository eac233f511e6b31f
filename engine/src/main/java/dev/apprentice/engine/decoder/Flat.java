package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step's rows laid end to end, as the program wants them.
 *
 * @param wanted after which tokens it is wanted what comes next
 * @param whole after which of these all logits are
 * @param never which of all logits after the wanted tokens cannot be the largest
 */
@SuppressWarnings("ArrayRecordComponent")
record Flat(
        long[] ids,
        long[] positions,
        Attention attention,
        long[] wanted,
        long[] whole,
        long[] never,
        PtNDArray[] lora,
        long[] groups) {

    /** The same with {@code lora}, one for all rows from {@code first} to before {@code last}. */
    Flat by(PtNDArray[] lora, long first, long last) {
        return new Flat(ids, positions, attention, wanted, whole, never, lora, new long[] {first, last});
    }

    /** Of rows of a model that has {@code logits} of them. */
    static Flat of(List<Step.Row> steps, int logits) {
        int count = steps.stream().mapToInt(r -> r.tokens().length).sum();
        var ids = new long[count];
        var positions = new long[count];
        var wanted = new ArrayList<Long>();
        var whole = new ArrayList<Long>();
        var never = new ArrayList<Long>();
        var lora = new ArrayList<PtNDArray>();
        var groups = new ArrayList<Long>();
        @Nullable LoraTensors before = null;
        int at = 0;
        for (var row : steps) {
            var adapter = row.adapter();
            if (adapter != null && adapter != before) {
                lora.addAll(List.of(adapter.tensors()));
                groups.add((long) at);
                groups.add((long) at);
            }
            before = adapter;
            for (int t = 0; t < row.tokens().length; t++) {
                ids[at] = row.tokens()[t];
                positions[at] = (long) row.past() + t;
                at++;
            }
            if (adapter != null) {
                groups.set(groups.size() - 1, (long) at);
            }
            for (int back = row.predictions(); back > 0; back--) {
                if (row.wanted() == Step.Wanted.BEST) {
                    long first = (long) wanted.size() * logits;
                    Arrays.stream(row.never()).filter(id -> id < logits).forEach(id -> never.add(first + id));
                } else {
                    whole.add((long) wanted.size());
                }
                wanted.add((long) at - back);
            }
        }
        return new Flat(
                ids,
                positions,
                Attention.of(steps),
                longs(wanted),
                longs(whole),
                longs(never),
                lora.toArray(PtNDArray[]::new),
                longs(groups));
    }

    static long[] longs(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
