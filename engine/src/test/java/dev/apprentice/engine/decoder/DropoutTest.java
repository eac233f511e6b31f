package dev.apprentice.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.apprentice.engine.memory.NativeMemory;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    /** Their product is no multiple of the eight inputs that one number is drawn for. */
    private static final int ROWS = 333;

    private static final int WIDTH = 77;

    @ParameterizedTest
    @ValueSource(doubles = {1.0 / 256, 26.0 / 256, 0.5, 255.0 / 256})
    void soManyInputsAreLeftOutAsWasAskedFor(double dropout) throws IOException {
        var mask = mask(dropout);

        assertThat(mask).hasSize(ROWS * WIDTH).containsOnly(0, 1);
        double spread = Math.sqrt(dropout * (1 - dropout) / mask.length);
        assertThat(share(mask, 0, 1)).isCloseTo(1 - dropout, within(5 * spread));
        for (int lane = 0; lane < 8; lane++) { // each of the eight as much as the others
            assertThat(share(mask, lane, 8)).isCloseTo(1 - dropout, within(5 * spread * Math.sqrt(8)));
        }
    }

    @Test
    void neighboursAreDrawnApart() throws IOException {
        var mask = mask(0.5);
        int both = 0;
        for (int i = 1; i < mask.length; i++) {
            both += mask[i] + mask[i - 1] == 2 ? 1 : 0;
        }

        assertThat(both / (double) (mask.length - 1)).isCloseTo(0.25, within(0.02));
        assertThat(mask(0.5)).isNotEqualTo(mask);
    }

    @Test
    void withoutDropoutThereIsNoMask() throws IOException {
        assertThat(mask(0)).isEmpty();
    }

    private static float[] mask(double dropout) throws IOException {
        try (var memory = NativeMemory.cpu();
                var scope = memory.open()) {
            var program = Programs.open("training.py", "Training", scope);
            var inputs = (PtNDArray) scope.manager().ones(new Shape(ROWS, WIDTH));
            var mask = Programs.run(
                    program, scope, "mask", scope.own(IValue.from(inputs)), scope.own(IValue.from(dropout)));
            return Programs.tensor(mask, scope).toFloatArray();
        }
    }

    private static double share(float[] mask, int from, int step) {
        int ones = 0;
        int all = 0;
        for (int i = from; i < mask.length; i += step) {
            ones += mask[i] == 1 ? 1 : 0;
            all++;
        }
        return ones / (double) all;
    }
}
