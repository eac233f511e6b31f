package dev.apprentice.engine;

import dev.apprentice.engine.Placement.Place;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Form;
import dev.apprentice.engine.decoder.Kernel;
import dev.apprentice.engine.memory.Sight;
import dev.apprentice.engine.model.BaseModel;
import java.util.List;

/**
 * Decoders as they are on a GPU, whose operations are those of any device: on the processor, or where
 * {@code -Dapprentice.test.device=cuda} says ({@code docker/cuda-check.sh}).
 */
public final class SharedWeights {
    private SharedWeights() {}

    /** One that serves and learns by one copy of {@code base}'s weights. */
    public static Decoder load(BaseModel base, Kernel kernel) {
        return Decoder.load(base, kernel, List.of(), 2, place(), Form.SHARED);
    }

    private static Place place() {
        var asked = System.getProperty("apprentice.test.device", "cpu");
        return Sight.now().choose(Placement.of(asked).orElseThrow());
    }
}
