package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** llama.cpp's converter interleaves the halves of each head; we put them back. */
class RowOrderTest {

    @Test
    void undoesTheConvertersPermutation() {
        // conversion/llama.py: reshape(heads, 2, D/2, in).swapaxes(1, 2), here for D = 4 and two heads:
        // stored rows 0..7 hold the original rows 0 2 1 3 | 4 6 5 7
        long[] original = {0, 2, 1, 3, 4, 6, 5, 7};
        var order = RowOrder.interleaved(4);

        for (int row = 0; row < 8; row++) {
            assertThat(original[(int) order.stored(row)]).isEqualTo(row);
        }
    }
}
