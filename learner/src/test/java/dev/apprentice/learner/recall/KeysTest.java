package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeysTest {
    private final Random random = new Random(3);

    @Test
    void whatWasTaughtIsNeverMissed() {
        var keys = new Keys();
        var taught = IntStream.range(0, 5_000).mapToObj(_ -> key()).toList();
        taught.forEach(keys::add);
        keys.complete();

        assertThat(taught).allMatch(keys::mayHave);
        assertThat(IntStream.range(0, 5_000).mapToObj(_ -> key())).noneMatch(keys::mayHave);
    }

    @Test
    void whileNotAllAreKnownEverythingMayBeThere() {
        var keys = new Keys();
        assertThat(keys.mayHave(key())).isTrue();
        keys.complete();
        assertThat(keys.mayHave("0".repeat(64))).isFalse();
        keys.add("0".repeat(64));
        assertThat(keys.mayHave("0".repeat(64))).isTrue();
    }

    private String key() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
