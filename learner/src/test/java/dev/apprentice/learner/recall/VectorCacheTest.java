package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorCacheTest {
    private static final String BASE = "0123456789abcdef0123456789abcdef";
    private final AtomicInteger computed = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void whatWasComputedIsThereAfterARestart() {
        fill(3);

        try (var cache = open(BASE)) {
            assertThat(of(cache, 2)).isDeepEqualTo(new float[][] {{2, 3}, {4, 5}});
        }
        assertThat(computed).hasValue(3);
    }

    @Test
    void anotherBaseComputesAnew() {
        fill(1);

        try (var cache = open("fedcba9876543210")) {
            of(cache, 0);
        }
        assertThat(computed).hasValue(2);
    }

    @Test
    void aTornOrDamagedRecordCostsOnlyItself() throws IOException {
        fill(3);
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 5);
        }

        try (var cache = open(BASE)) {
            IntStream.range(0, 3).forEach(i -> of(cache, i));
        }
        assertThat(computed).hasValue(4);
        var bytes = Files.readAllBytes(file());
        bytes[40] ^= 1;
        Files.write(file(), bytes);

        try (var cache = open(BASE)) {
            assertThat(of(cache, 0)).isDeepEqualTo(new float[][] {{0, 1}, {2, 3}});
        }
        assertThat(computed).hasValue(5); // the first was damaged
    }

    @Test
    void anotherArithmeticComputesAnew() {
        fill(1);

        try (var cache = VectorCache.open(folder, BASE, "bf16", List.of(11, 30), 2)) {
            of(cache, 0);
        }
        assertThat(computed).hasValue(2);
    }

    private void fill(int count) {
        try (var cache = open(BASE)) {
            IntStream.range(0, count).forEach(i -> of(cache, i));
        }
    }

    private VectorCache open(String base) {
        return VectorCache.open(folder, base, "fp32", List.of(11, 30), 2);
    }

    private float[][] of(VectorCache cache, int i) {
        return cache.of(new int[] {i}, _ -> {
            computed.incrementAndGet();
            return new float[][] {{i, i + 1}, {i + 2, i + 3}};
        });
    }

    private Path file() throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }
}
