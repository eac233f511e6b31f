package dev.apprentice.engine.model;

/** Where a row of the Hugging Face weight lies in the file. */
@FunctionalInterface
interface RowOrder {
    /** Stored as it is. */
    RowOrder SAME = row -> row;

    /** Index of the stored row that holds row {@code row}. */
    long stored(long row);

    /**
     * Undoes what llama.cpp's converter does to q and k of architecture {@code llama}: per head, it interleaves the two
     * halves that rotate-half pairs with one another (conversion/llama.py, {@code permute}).
     */
    static RowOrder interleaved(int headDim) {
        int half = headDim / 2;
        return row -> {
            long head = row / headDim * headDim;
            long i = row % headDim;
            return head + (i < half ? 2 * i : 2 * (i - half) + 1);
        };
    }
}
