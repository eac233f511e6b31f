package dev.apprentice.engine.training;

import dev.apprentice.engine.decoder.LearningBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lays training rows end to end, without padding; what all of them begin with, such as a system prompt, stands there
 * once, before them (and has one dropout for all). Masks by position, never by token id, so that an end-of-turn token
 * is a target once.
 */
final class RowsToBatch {
    private RowsToBatch() {}

    static LearningBatch of(List<TrainingRow> rows) {
        int shared = shared(rows);
        int head = shared == 0 ? 0 : 1;
        int count = rows.stream().mapToInt(r -> r.tokens().length - shared).sum() + shared;
        var ids = new long[count];
        var positions = new long[count];
        var spans = new long[3 * (head + rows.size())];
        if (shared > 0) {
            lay(rows.getFirst().tokens(), 0, shared, 0, ids, positions);
            spans[1] = shared;
        }
        var ceAt = new ArrayList<Long>();
        var targets = new ArrayList<Long>();
        var ceWeight = new ArrayList<Double>();
        var klAt = new ArrayList<Long>();
        var klWeight = new ArrayList<Double>();
        var bases = new ArrayList<TopLogprobs>();
        int at = shared;
        for (int r = 0; r < rows.size(); r++) {
            var row = rows.get(r);
            int own = row.tokens().length - shared;
            spans[3 * (head + r)] = at;
            spans[3 * (head + r) + 1] = own;
            spans[3 * (head + r) + 2] = shared;
            lay(row.tokens(), shared, row.tokens().length, at, ids, positions);
            int before = at - shared;
            switch (row.loss()) {
                case Loss.CrossEntropy(double weight) -> {
                    for (int t = row.answerStart(); t < row.tokens().length; t++) {
                        ceAt.add((long) before + t - 1);
                        targets.add((long) row.tokens()[t]);
                        ceWeight.add(weight / row.answerTokens());
                    }
                }
                case Loss.Sloped(var slopes) -> {
                    for (int t = row.answerStart(); t < row.tokens().length; t++) {
                        ceAt.add((long) before + t - 1);
                        targets.add((long) row.tokens()[t]);
                        ceWeight.add(-(double) slopes[t - row.answerStart()]);
                    }
                }
                case Loss.StayNear(var base, double weight) -> {
                    for (int t = row.answerStart(); t < row.tokens().length; t++) {
                        klAt.add((long) before + t - 1);
                        klWeight.add(weight / row.answerTokens());
                    }
                    bases.add(base);
                }
            }
            at += own;
        }
        var top = joined(bases);
        return new LearningBatch(
                ids,
                positions,
                spans,
                longs(ceAt),
                longs(targets),
                floats(ceWeight),
                longs(klAt),
                top.k(),
                top.ids(),
                top.logprobs(),
                floats(klWeight));
    }

    /** Copies the tokens from {@code from} to {@code to} to where the batch goes on, with their places in the row. */
    private static void lay(int[] tokens, int from, int to, int at, long[] ids, long[] positions) {
        for (int t = from; t < to; t++) {
            ids[at + t - from] = tokens[t];
            positions[at + t - from] = t;
        }
    }

    /** How many tokens all rows begin with; the last before an answer, where its first token is judged, is none. */
    private static int shared(List<TrainingRow> rows) {
        if (rows.size() == 1) {
            return 0;
        }
        var first = rows.getFirst();
        int shared = first.answerStart() - 1;
        for (var row : rows) {
            int differs = Arrays.mismatch(first.tokens(), row.tokens());
            shared = Math.min(shared, Math.min(row.answerStart() - 1, differs < 0 ? shared : differs));
        }
        return shared;
    }

    private static TopLogprobs joined(List<TopLogprobs> bases) {
        int k = bases.isEmpty() ? 1 : bases.getFirst().k();
        int size = bases.stream().mapToInt(b -> b.ids().length).sum();
        var ids = new int[size];
        var logprobs = new float[size];
        int at = 0;
        for (var base : bases) {
            assert base.k() == k : "rows of one pass must agree on k";
            System.arraycopy(base.ids(), 0, ids, at, base.ids().length);
            System.arraycopy(base.logprobs(), 0, logprobs, at, base.ids().length);
            at += base.ids().length;
        }
        return new TopLogprobs(k, ids, logprobs);
    }

    private static long[] longs(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(List<Double> list) {
        var floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.get(i).floatValue();
        }
        return floats;
    }
}
