package dev.apprentice.engine.decoder;

import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Cuda;
import dev.apprentice.engine.Placement.Place;

/** In which form a decoder has its frozen weights, and by whose operations it computes with them. */
public enum Form {
    /** In fp32 and, where another kernel serves, packed by oneDNN beside: for processors. */
    PACKED,
    /**
     * Once, in the serving dtype: answers, looks and studies multiply by the very same tensors, by operations that
     * libtorch has for any device. The norms stay in fp32.
     */
    SHARED;

    /** The form for {@code place}. */
    public static Form of(Place place) {
        return switch (place) {
            case Cpu _ -> PACKED;
            case Cuda _ -> SHARED;
        };
    }
}
