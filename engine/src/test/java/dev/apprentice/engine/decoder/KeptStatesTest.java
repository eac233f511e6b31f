package dev.apprentice.engine.decoder;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.memory.NativeMemory;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
    private static final int ROW = 8;
    private static final long BYTES = ROW * Float.BYTES;

    @Test
    void theBudgetHoldsAndTheRowsNotAskedForTheLongestGo() {
        try (var memory = NativeMemory.cpu();
                var kept = new KeptStates(memory, 3 * BYTES)) {
            for (int row = 1; row <= 3; row++) {
                keep(kept, row);
            }
            assertThat(kept.of(tokens(1))).isNotNull();

            keep(kept, 4);

            assertThat(kept.of(tokens(2))).isNull();
            for (int row : new int[] {1, 3, 4}) {
                var states = requireNonNull(kept.of(tokens(row)));
                assertThat(states.toFloatArray()).containsOnly(row);
            }
            assertThat(kept.bytes()).isEqualTo(3 * BYTES);
            assertThat(memory.openScopes()).isEqualTo(3);
        }
    }

    @Test
    void aRowThatDoesNotFitAtAllIsNotKeptAndCostsNoOther() {
        try (var memory = NativeMemory.cpu();
                var kept = new KeptStates(memory, BYTES)) {
            keep(kept, 1);

            kept.keep(tokens(2), 2 * BYTES, _ -> {
                throw new AssertionError("made for nothing");
            });

            assertThat(kept.rows()).isEqualTo(1);
            assertThat(kept.of(tokens(1))).isNotNull();
        }
    }

    @Test
    void closingGivesAllBack() {
        try (var memory = NativeMemory.cpu()) {
            var kept = new KeptStates(memory, 2 * BYTES);
            keep(kept, 1);
            keep(kept, 2);

            kept.close();

            assertThat(memory.openScopes()).isZero();
            assertThat(kept.bytes()).isZero();
        }
    }

    private static void keep(KeptStates kept, int row) {
        var states = new float[ROW];
        java.util.Arrays.fill(states, row);
        kept.keep(tokens(row), BYTES, into -> into.floats(states, 1, ROW));
    }

    private static long[] tokens(int row) {
        return new long[] {row, 7};
    }
}
