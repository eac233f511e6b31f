package dev.apprentice.engine.decoder;

/** In which arithmetic a student's products with the frozen weights run; the rest of its computation is fp32. */
public enum LearningKernel {
    /** fp32 on the weights as they are. */
    FP32(6),
    /**
     * bf16: by oneDNN, on weights packed for the way forward and for the way back, or by libtorch's own products on the
     * weights that serve.
     */
    BF16(Decoder.BFLOAT16);

    private final int dtype;

    LearningKernel(int dtype) {
        this.dtype = dtype;
    }

    /** What {@code training.py} calls {@code how}: kind of product, dtype, kind of attention. */
    long[] how(Form form) {
        return switch (form) {
            case PACKED -> new long[] {this == FP32 ? 0 : 1, dtype, 0};
            case SHARED -> new long[] {this == FP32 ? 0 : 2, dtype, 1};
        };
    }

    /** The at::ScalarType number of what products read. */
    int dtype() {
        return dtype;
    }
}
