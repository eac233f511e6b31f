package dev.apprentice.engine.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code [start:stop:step]} with Python's rules for absent, negative and far bounds. */
record SliceRange(
        @Nullable Long start, @Nullable Long stop, @Nullable Long step) {

    List<Value> of(List<Value> items) {
        if (step == null || step == 1) {
            var range = range(items.size());
            return items.subList(range[0], range[1]);
        }
        List<Value> chosen = new ArrayList<>();
        for (int index : indices(items.size())) {
            chosen.add(items.get(index));
        }
        return Collections.unmodifiableList(chosen);
    }

    String of(String text) {
        if (step == null || step == 1) {
            var range = range(text.codePointCount(0, text.length()));
            int from = text.offsetByCodePoints(0, range[0]);
            return text.substring(from, text.offsetByCodePoints(from, range[1] - range[0]));
        }
        int[] points = text.codePoints().toArray();
        var chosen = new StringBuilder();
        for (int index : indices(points.length)) {
            chosen.appendCodePoint(points[index]);
        }
        return chosen.toString();
    }

    /** From and to of a walk in single steps. */
    private int[] range(int length) {
        long from = start == null ? 0 : bound(start, length, 0, length);
        long to = stop == null ? length : bound(stop, length, 0, length);
        return new int[] {(int) from, (int) Math.max(from, to)};
    }

    private List<Integer> indices(int length) {
        long by = step == null ? 1 : step;
        if (by == 0) {
            throw new TemplateError("slice step cannot be zero");
        }
        long lowest = by < 0 ? -1 : 0;
        long highest = by < 0 ? length - 1L : length;
        long from = start == null ? (by < 0 ? highest : lowest) : bound(start, length, lowest, highest);
        long to = stop == null ? (by < 0 ? lowest : highest) : bound(stop, length, lowest, highest);
        List<Integer> indices = new ArrayList<>();
        for (long i = from; by < 0 ? i > to : i < to; i = next(i, by)) {
            indices.add((int) i);
        }
        return indices;
    }

    private static long next(long index, long by) {
        // A step of more than any length ends the walk without overflowing.
        return index + Math.clamp(by, -(1L << 40), 1L << 40);
    }

    private static long bound(long value, int length, long lowest, long highest) {
        return Math.clamp(value < 0 ? value + length : value, lowest, highest);
    }
}
