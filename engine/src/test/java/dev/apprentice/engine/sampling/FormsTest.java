package dev.apprentice.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranges of whole numbers. */
class FormsTest {
    private static final long WIDE = 999_999_999_999_999_999L;
    private static final Vocabulary BYTES = bytes();

    private static Vocabulary bytes() {
        var tokens = new byte[128][];
        for (int b = 0; b < tokens.length; b++) {
            tokens[b] = new byte[] {(byte) b};
        }
        return new Vocabulary(tokens, Map.of());
    }

    private static boolean holds(Grammar.State start, long number) {
        var at = start;
        for (int digit : Long.toString(number).chars().toArray()) {
            at = at == null ? null : at.after(digit);
        }
        return at != null && at.mayEnd();
    }

    @Test
    void aRangeHoldsItsNumbersAndNoOthers() {
        long[][] ranges = {{0, 0}, {0, 99}, {-5, 130}, {17, 20_305}, {-1234, -56}, {99, 100}, {1000, 9999}};
        for (var range : ranges) {
            var start = new Grammar(Forms.integers(range[0], range[1]), BYTES, new Masks(BYTES)).start();
            for (long number = range[0] - 150; number <= range[1] + 150; number++) {
                assertThat(holds(start, number))
                        .as("%d of %d to %d", number, range[0], range[1])
                        .isEqualTo(number >= range[0] && number <= range[1]);
            }
        }
    }

    /** A schema that says {@code minimum: 0} and no more has eighteen digits to go. */
    @Test
    @Timeout(20)
    void aRangeWithOneEndIsMadeInNoTime() {
        var natural = new Grammar(Forms.integers(0, WIDE), BYTES, new Masks(BYTES)).start();
        assertThat(holds(natural, WIDE)).isTrue();
        assertThat(holds(natural, -1)).isFalse();
        var below = new Grammar(Forms.integers(-WIDE, 12_345_678_901L), BYTES, new Masks(BYTES)).start();
        assertThat(holds(below, 12_345_678_901L)).isTrue();
        assertThat(holds(below, 12_345_678_902L)).isFalse();
        assertThat(holds(below, -WIDE)).isTrue();
    }
}
