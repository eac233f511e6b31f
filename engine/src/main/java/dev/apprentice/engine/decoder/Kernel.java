package dev.apprentice.engine.decoder;

/** In which arithmetic the serving products run. Learning always computes in fp32. */
public enum Kernel {
    /** 32-bit floating point, on the very weights that learning reads. */
    FP32,
    /** bfloat16 products on weights packed for them; norms, sums and log-probabilities in fp32. */
    BF16,
    /**
     * 8-bit integer products, weights per output channel and inputs per row, both smoothed; the vocabulary's product in
     * bfloat16; norms, sums and log-probabilities in fp32.
     */
    INT8
}
