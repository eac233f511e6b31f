package dev.apprentice.engine.model;

/**
 * A low-rank change to one linear layer: {@code W' = W + scale · B · A} (Hu et al. 2021, §4.1).
 *
 * @param a {@code [rank, in]}, row-major
 * @param b {@code [out, rank]}, row-major
 * @param rank inner width
 * @param in width of the layer's input
 * @param out width of its output
 * @param scale α/r, or α/√r for rank-stabilised adapters
 */
@SuppressWarnings("ArrayRecordComponent") // handed to native code as they are, and never compared
public record LoraModule(float[] a, float[] b, int rank, int in, int out, double scale) {
    /** Throws if the arrays don't have the lengths that the widths call for. */
    public LoraModule {
        if (rank < 1 || a.length != (long) rank * in || b.length != (long) out * rank) {
            throw new IllegalArgumentException("a and b: expected [" + rank + ", " + in + "] and [" + out + ", " + rank
                    + "], found " + a.length + " and " + b.length + " numbers");
        }
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException("scale: expected a finite number, found " + scale);
        }
    }
}
