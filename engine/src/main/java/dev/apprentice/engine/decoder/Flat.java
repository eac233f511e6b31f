package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step's rows laid end to end, as the program wants them. */
@SuppressWarnings("ArrayRecordComponent")
record Flat(long[] ids, long[] positions, Attention attention, long[] wanted, PtNDArray[] lora, long[] groups) {

    /** The same with {@code lora}, one for all rows from {@code first} to before {@code last}. */
    Flat by(PtNDArray[] lora, long first, long last) {
        return new Flat(ids, positions, attention, wanted, lora, new long[] {first, last});
    }

    static Flat of(List<Step.Row> steps) {
        int count = steps.stream().mapToInt(r -> r.tokens().length).sum();
        var ids = new long[count];
        var positions = new long[count];
        var wanted = new ArrayList<Long>();
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
            for (int back = row.logits(); back > 0; back--) {
                wanted.add((long) at - back);
            }
        }
        return new Flat(
                ids,
                positions,
                Attention.of(steps),
                wanted.stream().mapToLong(Long::longValue).toArray(),
                lora.toArray(PtNDArray[]::new),
                groups.stream().mapToLong(Long::longValue).toArray());
    }
}
