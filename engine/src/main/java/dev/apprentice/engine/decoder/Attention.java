package dev.apprentice.engine.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * How a step's rows attend, as the program wants it: rows of one token together, by their slabs, and pieces of prompts
 * one by one.
 *
 * @param kv the caches of the pieces
 * @param rows first token, tokens and past of each piece
 * @param slabs one for each call
 * @param calls five numbers for each call: first slot, slots, keys, rows, and 1 where the rows are all tokens of the
 *     step in the order of the slots
 * @param spots where each call's keys and values go and who asks, then where each token's result is, if not in its
 *     place
 */
@SuppressWarnings("ArrayRecordComponent")
record Attention(PtNDArray[] kv, long[] rows, PtNDArray[] slabs, long[] calls, long[] spots) {
    /** Keys are counted in blocks, so that a row's neighbours do not change what it computes (docs/engine.md). */
    private static final int KEYS = 64;

    /** What a call costs beside its work, in keys of one row. */
    private static final int CALL = 300;

    /** One token of a step: its row and where it stands. */
    private record Asked(Step.Row row, int token) {
        int slot() {
            return row.cache().slot();
        }

        int keys() {
            return (row.past() + KEYS) / KEYS * KEYS;
        }
    }

    static Attention of(List<Step.Row> steps) {
        var bySlab = new LinkedHashMap<Slab, List<Asked>>();
        var kv = new ArrayList<PtNDArray>();
        var rows = new ArrayList<Long>();
        int tokens = 0;
        for (var row : steps) {
            int count = row.tokens().length;
            if (count == 1) {
                bySlab.computeIfAbsent(row.cache().slab(), _ -> new ArrayList<>())
                        .add(new Asked(row, tokens));
            } else {
                kv.add(row.cache().tensor());
                rows.addAll(List.of((long) tokens, (long) count, (long) row.past()));
            }
            tokens += count;
        }
        var calls = bySlab.values().stream().flatMap(all -> calls(all).stream()).toList();
        var flags = new ArrayList<Long>();
        var spots = new ArrayList<Long>();
        var back = new long[tokens];
        int results = 0;
        for (var call : calls) {
            results += add(call, tokens, flags, spots, back, results);
        }
        for (int i = 0; i < rows.size(); i += 3) {
            for (int t = 0; t < rows.get(i + 1); t++) {
                back[(int) (rows.get(i) + t)] = results++;
            }
        }
        boolean moved = results != tokens;
        for (int i = 0; i < tokens; i++) {
            moved |= back[i] != i;
        }
        var all = new long[spots.size() + (moved ? tokens : 0)];
        Arrays.setAll(all, i -> i < spots.size() ? spots.get(i) : back[i - spots.size()]);
        return new Attention(
                kv.toArray(PtNDArray[]::new),
                Flat.longs(rows),
                calls.stream()
                        .map(call -> call.getFirst().row().cache().slab().tensor())
                        .toArray(PtNDArray[]::new),
                Flat.longs(flags),
                all);
    }

    /** The rows of one slab in one call, or each in its own where padding would cost more than calls do. */
    private static List<List<Asked>> calls(List<Asked> all) {
        var sorted = all.stream().sorted(Comparator.comparingInt(Asked::slot)).toList();
        int most = all.stream().mapToInt(Asked::keys).max().orElseThrow();
        int slots = sorted.getLast().slot() - sorted.getFirst().slot() + 1;
        int apart = all.stream().mapToInt(asked -> asked.keys() + CALL).sum();
        return slots * most + CALL <= apart
                ? List.of(sorted)
                : sorted.stream().map(List::of).toList();
    }

    /** Notes one call, whose results begin at {@code results}; returns how many they are. */
    private static int add(List<Asked> call, int tokens, List<Long> flags, List<Long> spots, long[] back, int results) {
        int first = call.getFirst().slot();
        int slots = call.getLast().slot() - first + 1;
        var asking = new long[slots];
        var lengths = new long[slots];
        Arrays.fill(asking, call.getFirst().token()); // in a slot between them anybody may ask, and see one key
        Arrays.fill(lengths, 1);
        boolean whole = slots == tokens && call.size() == tokens;
        for (var asked : call) {
            int at = asked.slot() - first;
            asking[at] = asked.token();
            lengths[at] = asked.row().past() + 1L;
            back[asked.token()] = (long) results + at;
            whole &= asked.token() == at;
        }
        int keys = call.stream().mapToInt(Asked::keys).max().orElseThrow();
        flags.addAll(List.of((long) first, (long) slots, (long) keys, (long) call.size(), whole ? 1L : 0L));
        var slab = call.getFirst().row().cache().slab();
        call.forEach(asked ->
                Arrays.stream(slab.places(asked.slot(), asked.row().past())).forEach(spots::add));
        call.forEach(asked -> spots.add((long) asked.token()));
        Arrays.stream(asking).forEach(spots::add);
        Arrays.stream(lengths).forEach(spots::add);
        return slots;
    }
}
