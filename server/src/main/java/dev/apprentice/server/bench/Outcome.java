package dev.apprentice.server.bench;

import dev.apprentice.engine.Json;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark has measured, and what somebody needs to know who compares.
 *
 * @param benchmark its name
 * @param began when
 * @param commit of the program, or {@code unknown}
 * @param windowMs how long each measurement took
 * @param host the machine
 * @param tables the figures
 */
public record Outcome(String benchmark, Instant began, String commit, long windowMs, Host host, List<Table> tables) {
    /** Keeps an unmodifiable copy of {@code tables}. */
    public Outcome {
        tables = List.copyOf(tables);
    }

    /** As JSON for people too: one table after the other, by their names. */
    public byte[] json() throws IOException {
        var figures = new LinkedHashMap<String, Object>();
        tables.forEach(table -> figures.put(table.name(), table.rows()));
        var all = new LinkedHashMap<String, Object>();
        all.put("benchmark", benchmark);
        all.put("began", began.toString());
        all.put("commit", commit);
        all.put("window_ms", windowMs);
        all.put("host", Json.strict().readValue(Wire.bytes(host), Map.class));
        all.put("tables", figures);
        return Json.strict().writerWithDefaultPrettyPrinter().writeValueAsBytes(all);
    }

    /** For a terminal. */
    public List<String> lines() {
        var lines = new java.util.ArrayList<String>();
        lines.add("bench " + benchmark + ", " + began + ", commit " + commit);
        lines.add(host.line());
        for (var table : tables) {
            lines.add("");
            lines.addAll(table.lines());
        }
        return lines;
    }
}
