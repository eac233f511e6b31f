package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Hidden states of general prompts that were computed before, so that a restart need not compute them again. It is a
 * cache: a lost, torn or foreign file costs time and nothing else.
 *
 * <p>One file for each base, dtype and choice of layers, of records of equal size: key (SHA-256 of the prompt's tokens,
 * 32 bytes), states (layers * hidden floats), CRC-32C of both (4 bytes), big-endian. A record that does not check ends
 * the file.
 *
 * <p>Owned by one thread, except for {@link #close()}.
 */
final class VectorCache implements AutoCloseable {
    private static final int KEY = 32;

    private final int layers;
    private final int hidden;
    private final Path file;
    private final Map<String, float[][]> states = new HashMap<>();
    private FileChannel channel;

    private VectorCache(Path file, int layers, int hidden, FileChannel channel) {
        this.file = file;
        this.layers = layers;
        this.hidden = hidden;
        this.channel = channel;
    }

    /** Opens the cache below {@code folder} for one base. */
    static VectorCache open(Path folder, String baseDigest, String dtype, List<Integer> layers, int hidden) {
        try {
            Files.createDirectories(folder);
            var name = new StringBuilder(baseDigest.substring(0, Math.min(16, baseDigest.length())));
            name.append('-').append(dtype);
            layers.forEach(layer -> name.append('-').append(layer));
            var file = folder.resolve(name + ".vectors");
            var cache = new VectorCache(file, layers.size(), hidden, channel(file));
            cache.read();
            return cache;
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** The states of {@code prompt}, computed only if they are not known. */
    float[][] of(int[] prompt, Function<int[], float[][]> compute) {
        var key = key(prompt);
        var known = states.get(key);
        if (known == null) {
            known = compute.apply(prompt);
            states.put(key, known);
            append(key, known);
        }
        return known;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void read() throws IOException {
        long whole = 0;
        var buffer = ByteBuffer.allocate(recordSize());
        while (true) {
            buffer.clear();
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until the record is whole or the file ends
            }
            if (buffer.hasRemaining() || !checks(buffer.flip())) {
                break;
            }
            var key = new byte[KEY];
            buffer.get(key);
            var state = new float[layers][hidden];
            for (var layer : state) {
                for (int h = 0; h < hidden; h++) {
                    layer[h] = buffer.getFloat();
                }
            }
            states.put(HexFormat.of().formatHex(key), state);
            whole += recordSize();
        }
        channel.truncate(whole);
        channel.position(whole);
    }

    private boolean checks(ByteBuffer record) {
        int body = recordSize() - Integer.BYTES;
        return record.getInt(body) == checksum(record.duplicate().limit(body));
    }

    private void append(String key, float[][] state) {
        try {
            write(channel, record(key, state));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private ByteBuffer record(String key, float[][] state) {
        var buffer = ByteBuffer.allocate(recordSize());
        buffer.put(HexFormat.of().parseHex(key));
        for (var layer : state) {
            for (float value : layer) {
                buffer.putFloat(value);
            }
        }
        buffer.putInt(checksum(buffer.duplicate().flip()));
        return buffer.flip();
    }

    private static void write(FileChannel channel, ByteBuffer record) throws IOException {
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    private int recordSize() {
        return KEY + layers * hidden * Float.BYTES + Integer.BYTES;
    }

    private static int checksum(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String key(int[] prompt) {
        try {
            var bytes = ByteBuffer.allocate(prompt.length * Integer.BYTES);
            Arrays.stream(prompt).forEach(bytes::putInt);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new FailedException("no_sha256", "this Java lacks SHA-256", Fault.NONE, e);
        }
    }

    private static FailedException failed(Path file, IOException e) {
        return new FailedException(
                "recall_cache",
                "the cache of hidden states in " + file + " cannot be used",
                Fault.at(file.toString()),
                e);
    }
}
