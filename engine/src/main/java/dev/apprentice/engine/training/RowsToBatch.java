package dev.apprentice.engine.training;

import dev.apprentice.engine.decoder.LearningBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays training rows end to end. Masks by position, never by token id, so that an end-of-turn token is a target once.
 */
final class RowsToBatch {
    private RowsToBatch() {}

    static LearningBatch of(List<TrainingRow> rows) {
        int count = rows.stream().mapToInt(r -> r.tokens().length).sum();
        var ids = new long[count];
        var positions = new long[count];
        var spans = new long[3 * rows.size()];
        var ceAt = new ArrayList<Long>();
        var targets = new ArrayList<Long>();
        var ceWeight = new ArrayList<Double>();
        var klAt = new ArrayList<Long>();
        var klWeight = new ArrayList<Double>();
        var bases = new ArrayList<TopLogprobs>();
        int at = 0;
        for (int r = 0; r < rows.size(); r++) {
            var row = rows.get(r);
            spans[3 * r] = at;
            spans[3 * r + 1] = row.tokens().length;
            for (int t = 0; t < row.tokens().length; t++) {
                ids[at + t] = row.tokens()[t];
                positions[at + t] = t;
            }
            switch (row.loss()) {
                case Loss.CrossEntropy(double weight) -> {
                    for (int t = row.answerStart(); t < row.tokens().length; t++) {
                        ceAt.add((long) at + t - 1);
                        targets.add((long) row.tokens()[t]);
                        ceWeight.add(weight / row.answerTokens());
                    }
                }
                case Loss.StayNear(var base, double weight) -> {
                    for (int t = row.answerStart(); t < row.tokens().length; t++) {
                        klAt.add((long) at + t - 1);
                        klWeight.add(weight / row.answerTokens());
                    }
                    bases.add(base);
                }
            }
            at += row.tokens().length;
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
