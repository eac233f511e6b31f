package dev.apprentice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TracingTest {
    /** More than wait at any time: the rest is lost, and that is all. */
    private static final int MANY = 20_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCollectorThatIsGoneOrSilentCostsOneLineAndHoldsNobodyUp(boolean silent) throws IOException {
        var lines = new CopyOnWriteArrayList<String>();
        var root = Objects.requireNonNull(LogManager.getLogManager().getLogger(""));
        var handler = into(lines);
        root.addHandler(handler);
        try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port = silent ? socket.getLocalPort() : 1; // nobody listens at 1
            var began = System.nanoTime();
            try (var tracing = Tracing.open(to(port), new PrometheusRegistry()::scrape, Duration.ofMillis(200))) {
                for (int i = 0; i < MANY; i++) {
                    tracing.tracer().spanBuilder("span").startSpan().end();
                }
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
        } finally {
            root.removeHandler(handler);
        }
        assertThat(lines).hasSize(1).first().asString().contains("event=collector_lost", "127.0.0.1");
    }

    @Test
    void withoutACollectorEveryRequestStillHasATraceId() {
        try (var tracing = Tracing.open(
                new Export(null, Map.of(), 1, false), new PrometheusRegistry()::scrape, Duration.ofMillis(200))) {
            var span = tracing.tracer().spanBuilder("span").startSpan();
            assertThat(span.isRecording()).isFalse();
            assertThat(span.getSpanContext().isValid()).isTrue();
        }
    }

    private static Export to(int port) {
        return new Export(URI.create("http://127.0.0.1:" + port), Map.of(), 1, false);
    }

    private static Handler into(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
