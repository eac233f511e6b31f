package dev.apprentice.server.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The file of the keys, which the running server and the command line share: {@code keys.json} in the data folder,
 * {@code {"version":1,"keys":[…]}}. It is never changed, only replaced as a whole, by one writer at a time (a lock on
 * {@code keys.lock}), so that a reader sees the old keys or the new ones. The owner alone may read it.
 */
final class KeyFile {
    private final Path file;
    private final Path lock;

    KeyFile(Path data) {
        this.file = data.resolve("keys.json");
        this.lock = data.resolve("keys.lock");
    }

    /** What changes when the file is replaced; equal stamps, equal keys. */
    record Stamp(long size, long modifiedNanos, String file) {
        /** Of a file that is not there. */
        static final Stamp ABSENT = new Stamp(0, 0, "");
    }

    Stamp stamp() {
        try {
            var found = Files.readAttributes(file, BasicFileAttributes.class);
            var modified = found.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS);
            return new Stamp(found.size(), modified, String.valueOf(found.fileKey()));
        } catch (NoSuchFileException e) {
            return Stamp.ABSENT;
        } catch (IOException e) {
            throw failed("cannot be looked at", e);
        }
    }

    /** All keys ever made; none where there is no file. */
    List<Key> read() {
        try {
            var json = Json.strict().readTree(Files.readString(file));
            if (json.path("version").asInt() != 1 || !json.path("keys").isArray()) {
                throw failed("must have version 1 and a list of keys", null);
            }
            var keys = new ArrayList<Key>();
            json.path("keys").forEach(key -> keys.add(KeyJson.read(key)));
            return keys;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw failed("is damaged", null); // without the cause, which may quote hashes
        } catch (IOException e) {
            throw failed("cannot be read", e);
        }
    }

    /** Replaces the keys by what {@code change} makes of them; durable when it returns. */
    void change(UnaryOperator<List<Key>> change) {
        try {
            Files.createDirectories(lock.toAbsolutePath().getParent());
            try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                write(change.apply(read()));
            }
        } catch (IOException | OverlappingFileLockException e) {
            throw failed("cannot be written", e);
        }
    }

    private void write(List<Key> keys) throws IOException {
        var json = Json.strict().createObjectNode().put("version", 1);
        var array = json.putArray("keys");
        keys.forEach(key -> array.add(KeyJson.kept(key)));
        var folder = file.toAbsolutePath().getParent();
        var fresh = Files.createTempFile(folder, "keys", ".new"); // which its owner alone may read
        try {
            try (var out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var bytes = java.nio.ByteBuffer.wrap(Json.strict().writeValueAsBytes(json));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private FailedException failed(String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new FailedException("keys_unusable", "the file of the keys, " + file + ", " + what, Fault.NONE, cause);
    }
}
