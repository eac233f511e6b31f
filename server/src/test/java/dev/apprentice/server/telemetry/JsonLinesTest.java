package dev.apprentice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Json;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {
    @Test
    void aLineWithinATraceNamesIt() throws IOException {
        var span = new KeptSpans().provider().get("test").spanBuilder("span").startSpan();
        var line = new LogRecord(Level.INFO, "event=\"told\"");
        line.setLoggerName("room");
        String within;
        try (var _ = span.makeCurrent()) {
            within = new JsonLines().format(line);
        }
        var json = Json.strict().readTree(within);
        assertThat(json.at("/trace_id").asText())
                .isEqualTo(span.getSpanContext().getTraceId());
        assertThat(json.at("/span_id").asText()).isEqualTo(span.getSpanContext().getSpanId());
        assertThat(json.at("/message").asText()).isEqualTo("event=\"told\"");
        assertThat(Json.strict().readTree(new JsonLines().format(line)).has("trace_id"))
                .isFalse();
    }
}
