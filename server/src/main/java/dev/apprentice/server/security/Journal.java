package dev.apprentice.server.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.Seams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who did what to the server: {@code audit.jsonl} in the data folder, one JSON object a line, only ever added to. An
 * act is written down, durably, before it is begun, and once more when it has ended; one that cannot be written down is
 * not begun. A line that a crash cut off is left as it is, and the next begins after it. Safe for use by many threads,
 * and by the command line beside a running server.
 */
public final class Journal {
    private final Path file;
    private final Seams seams;
    private final ReentrantLock lock = new ReentrantLock();

    /** One part of the journal, and the number of the line to go on from, or 0 at the end. */
    public record Part(List<JsonNode> entries, long next) {}

    /** The journal in folder {@code data}. */
    public Journal(Path data, Seams seams) {
        this.file = data.resolve("audit.jsonl");
        this.seams = seams;
    }

    /**
     * Writes down that {@code caller} begins an act; durable when it returns.
     *
     * @param action what: a method and the path's pattern, or a verb of the command line
     * @param on what it is done to
     * @param request the request's id, or {@code none}
     */
    public Act begin(Caller caller, String action, String on, String request) {
        var entry = Json.strict()
                .createObjectNode()
                .put("act", "act_" + seams.ids().get())
                .put("who", caller.name())
                .put("key", caller.keyScope())
                .put("action", action)
                .put("on", on)
                .put("request", request);
        append(entry.deepCopy().put("outcome", "begun"));
        return (outcome, made) -> {
            entry.put("outcome", outcome);
            append(made == null ? entry : entry.put("made", made));
        };
    }

    /** The lines from number {@code after} on, the first having number 1. */
    public Part read(long after, int limit) {
        try (var lines = Files.lines(file)) {
            var entries = new ArrayList<JsonNode>();
            var number = after;
            for (var line : (Iterable<String>) lines.skip(after).limit(limit + 1L)::iterator) {
                if (entries.size() == limit) {
                    return new Part(entries, number);
                }
                number++;
                entries.add(entry(line));
            }
            return new Part(entries, 0);
        } catch (NoSuchFileException e) {
            return new Part(List.of(), 0);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw failed("read", e);
        }
    }

    private static JsonNode entry(String line) {
        try {
            return Json.strict().readTree(line);
        } catch (JsonProcessingException e) {
            return Json.strict().createObjectNode().put("outcome", "cut off by a crash");
        }
    }

    private void append(ObjectNode entry) {
        entry.put("at", seams.clock().instant().toString());
        lock.lock();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (var channel = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                write(channel, entry);
            }
        } catch (IOException e) {
            throw failed("written", e);
        } finally {
            lock.unlock();
        }
    }

    private static void write(FileChannel channel, ObjectNode entry) throws IOException {
        var end = channel.size();
        var last = ByteBuffer.allocate(1);
        var isCut = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
        var line = (isCut ? "\n" : "") + entry + "\n";
        var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        channel.position(end);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private FailedException failed(String verb, Exception cause) {
        return new FailedException(
                "audit_unusable", "the audit journal, " + file + ", cannot be " + verb, Fault.NONE, cause);
    }
}
