package dev.apprentice.server.telemetry;

import dev.apprentice.server.http.Wire;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.util.logging.Formatter;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/** One JSON object for each line of the log, with the ids of the trace that it belongs to. */
public final class JsonLines extends Formatter {

    /** Writes every line of this process so from here on. */
    public static void begin() {
        for (var handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.setFormatter(new JsonLines());
        }
    }

    @Override
    public String format(LogRecord line) {
        var json = Wire.object()
                .put("time", line.getInstant().toString())
                .put("level", line.getLevel().getName())
                .put("logger", line.getLoggerName())
                .put("message", formatMessage(line));
        var span = Span.current().getSpanContext();
        if (span.isValid()) {
            json.put("trace_id", span.getTraceId()).put("span_id", span.getSpanId());
        }
        var thrown = line.getThrown();
        if (thrown != null) {
            json.put("exception", thrown.toString());
            var stack = json.putArray("stack");
            for (var frame : thrown.getStackTrace()) {
                stack.add(frame.toString());
            }
        }
        return new String(Wire.bytes(json), StandardCharsets.UTF_8) + "\n";
    }
}
