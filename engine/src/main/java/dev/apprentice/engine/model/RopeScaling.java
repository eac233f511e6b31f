package dev.apprentice.engine.model;

/**
 * The ways in which checkpoints stretch rotary embeddings to longer contexts; each turns into plain {@linkplain Rope
 * frequencies}. Sources: transformers {@code modeling_rope_utils.py}; Peng et al. 2023 (YaRN), §3. {@code theta} is the
 * base, {@code dim} the head's width.
 */
sealed interface RopeScaling {

    /** Frequencies for heads of {@code dim} numbers. */
    Rope rope(double theta, int dim);

    /** No scaling: {@code theta^(-2i/dim)}. */
    record None() implements RopeScaling {
        @Override
        public Rope rope(double theta, int dim) {
            return new Rope(floats(plain(theta, dim)), 1);
        }
    }

    /** Positions divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {
        @Override
        public Rope rope(double theta, int dim) {
            var inverse = plain(theta, dim);
            for (int i = 0; i < inverse.length; i++) {
                inverse[i] /= factor;
            }
            return new Rope(floats(inverse), 1);
        }
    }

    /** Llama 3.1: long wavelengths divided by {@code factor}, short ones kept, a ramp between. */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements RopeScaling {
        @Override
        public Rope rope(double theta, int dim) {
            var inverse = plain(theta, dim);
            for (int i = 0; i < inverse.length; i++) {
                double wavelength = 2 * Math.PI / inverse[i];
                if (wavelength > originalContext / lowFrequencyFactor) {
                    inverse[i] /= factor;
                } else if (wavelength >= originalContext / highFrequencyFactor) {
                    double smooth = (originalContext / wavelength - lowFrequencyFactor)
                            / (highFrequencyFactor - lowFrequencyFactor);
                    inverse[i] = (1 - smooth) * inverse[i] / factor + smooth * inverse[i];
                }
            }
            return new Rope(floats(inverse), 1);
        }
    }

    /** YaRN: a ramp between kept and divided frequencies, and warmer attention. */
    record Yarn(
            double factor,
            double originalContext,
            double betaFast,
            double betaSlow,
            double attentionScale,
            boolean wholeBounds)
            implements RopeScaling {

        /** The attention scale of a factor: {@code 0.1 · mscale · ln factor + 1}. */
        static double attentionScale(double factor, double mscale) {
            return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
        }

        @Override
        public Rope rope(double theta, int dim) {
            var inverse = plain(theta, dim);
            double low = correction(betaFast, theta, dim);
            double high = correction(betaSlow, theta, dim);
            if (wholeBounds) {
                low = Math.floor(low);
                high = Math.ceil(high);
            }
            low = Math.max(low, 0);
            high = Math.min(high, dim - 1.0);
            if (low == high) {
                high += 0.001; // as transformers: prevents a division by zero
            }
            for (int i = 0; i < inverse.length; i++) {
                double ramp = Math.clamp((i - low) / (high - low), 0.0, 1.0);
                inverse[i] = inverse[i] * ((1 - ramp) + ramp / factor);
            }
            return new Rope(floats(inverse), attentionScale);
        }

        /** The dimension that turns {@code rotations} times within the original context. */
        private double correction(double rotations, double theta, int dim) {
            return dim * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /** Every frequency divided by its own number, as GGUF stores Llama 3.1's scaling ({@code rope_freqs}). */
    @SuppressWarnings("ArrayRecordComponent") // private to the readers, never compared
    record Divided(float[] divisors) implements RopeScaling {
        @Override
        public Rope rope(double theta, int dim) {
            var inverse = plain(theta, dim);
            for (int i = 0; i < inverse.length; i++) {
                inverse[i] /= divisors[i];
            }
            return new Rope(floats(inverse), 1);
        }
    }

    private static double[] plain(double theta, int dim) {
        var inverse = new double[dim / 2];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = Math.pow(theta, -2.0 * i / dim);
        }
        return inverse;
    }

    private static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
