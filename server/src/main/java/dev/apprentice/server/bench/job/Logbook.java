package dev.apprentice.server.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.Json;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What one arm has done in one test, a line of JSON each. A test is a script: it runs from its beginning each time, and
 * whatever stands here already is not done again but read. So a run that was killed goes on at the line where it was,
 * with the learner's own data beside, which is durable by itself. Used by one thread.
 */
final class Logbook {
    private final Path file;
    private final List<JsonNode> done = new ArrayList<>();
    private int next;

    /** Reads what was done; a last line that was not written to its end was not done. */
    Logbook(Path folder) throws IOException {
        file = Files.createDirectories(folder).resolve("log.jsonl");
        if (!Files.exists(file)) {
            return;
        }
        var text = Files.readString(file);
        int whole = text.lastIndexOf('\n') + 1;
        for (var line : text.substring(0, whole).lines().toList()) {
            done.add(Json.strict().readTree(line));
        }
        if (whole < text.length()) {
            Files.writeString(file, text.substring(0, whole));
        }
    }

    /** Something that is done once. */
    @FunctionalInterface
    interface Deed {
        /** Does it; what is returned is kept. */
        JsonNode done() throws InterruptedException;
    }

    /** What came of {@code deed}, now or in an earlier run. */
    JsonNode once(String what, Deed deed) throws InterruptedException {
        if (next < done.size()) {
            var entry = done.get(next++);
            if (!entry.path("what").asText().equals(what)) {
                throw new ConflictException(
                        "other_log",
                        "step " + next + " in " + file + " is '"
                                + entry.path("what").asText() + "' and not '" + what
                                + "': it was written by another version; delete its folder",
                        Fault.of("log", what, entry.path("what").asText()));
            }
            return entry.path("came");
        }
        var came = deed.done();
        var entry = Wire.object().put("what", what);
        entry.set("came", came);
        try {
            Files.writeString(
                    file,
                    new String(Wire.line(entry), StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        done.add(entry);
        next++;
        return came;
    }

    /** How many steps were taken, those of earlier runs too. */
    int steps() {
        return next;
    }

    /** How many of them are read and not done. */
    int known() {
        return done.size();
    }
}
