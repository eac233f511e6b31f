package dev.apprentice.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.model.hub.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** A download of 100 MB at 10 MB/s, told every 100 ms. */
class ConsoleProgressTest {
    private final StringWriter shown = new StringWriter();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    private void download(boolean isTerminal) {
        var progress = new ConsoleProgress(new PrintWriter(shown, true), isTerminal, clock);
        progress.on(new Progress.Trying("tiny", "mirror"));
        for (var done = 0L; done <= 100_000_000; done += 1_000_000) {
            progress.on(new Progress.Received("weights.gguf", done, 100_000_000));
            now = now.plus(Duration.ofMillis(100));
        }
        progress.on(new Progress.Retrying("weights.gguf", 5, "the connection broke", Duration.ofMillis(1500)));
        progress.on(new Progress.Stored("tiny", 100_000_000));
    }

    @Test
    void onATerminalABarMovesAFewTimesASecondAndEndsFull() {
        download(true);

        var bars = shown.toString().lines().findFirst().orElseThrow();
        assertThat(bars).isEqualTo("fetching tiny from mirror");
        var frames = shown.toString().split("\r", -1);
        assertThat(frames.length).isBetween(40, 60);
        assertThat(frames[frames.length / 2]).contains("############", "MB of 100.0 MB, 10.0 MB/s, 5 s left");
        assertThat(frames[frames.length - 1]).contains("[########################] 100%");
        assertThat(shown.toString().lines()).last().isEqualTo("stored tiny, 100.0 MB");
    }

    @Test
    void elsewhereALineComesNowAndThen() {
        download(false);

        assertThat(shown.toString().lines())
                .containsExactly(
                        "fetching tiny from mirror",
                        "  weights.gguf: 100.0 MB of 100.0 MB, 10.0 MB/s",
                        "  weights.gguf: the connection broke; again in 1.5 s",
                        "stored tiny, 100.0 MB");
        assertThat(shown.toString()).doesNotContain("\r", "\033");
    }

    @Test
    void sizesAreReadable() {
        assertThat(ConsoleProgress.size(999)).isEqualTo("999 B");
        assertThat(ConsoleProgress.size(1_000)).isEqualTo("1.0 kB");
        assertThat(ConsoleProgress.size(98_362_432)).isEqualTo("98.4 MB");
        assertThat(ConsoleProgress.size(999_960_000)).isEqualTo("1.0 GB");
        assertThat(ConsoleProgress.size(2_500_000_000_000L)).isEqualTo("2.5 TB");
    }
}
