package dev.apprentice.engine.decoder;

/** In which arithmetic a student's products with the frozen weights run; the rest of its computation is fp32. */
public enum LearningKernel {
    /** fp32 on the weights as they are. */
    FP32(0, 6),
    /** bf16 by oneDNN, on weights packed for the way forward and for the way back. */
    BF16(1, Decoder.BFLOAT16);

    private final int kind;
    private final int dtype;

    LearningKernel(int kind, int dtype) {
        this.kind = kind;
        this.dtype = dtype;
    }

    /** {@code training.py}'s kind of product. */
    int kind() {
        return kind;
    }

    /** The at::ScalarType number of what products read. */
    int dtype() {
        return dtype;
    }
}
