package dev.apprentice.engine.model;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.UnprocessableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Adapters in the format of Hugging Face PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}, in a
 * folder or a zip of one. What doesn't fit the base whole is refused as {@code adapter_mismatch}, naming the tensor or
 * field, what was expected and what was found; nothing is applied in part.
 */
public final class PeftFolder {
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String PICKLE = "adapter_model.bin";
    private static final int CONFIG_BYTES_MAX = 1 << 20;

    private PeftFolder() {}

    /**
     * Reads an adapter for a base of this shape.
     *
     * @throws UnprocessableException if any part of it doesn't fit
     */
    public static LoraAdapter read(Path dir, ModelConfig base) {
        return orMismatch(() -> {
            var folder = HuggingFaceFolder.at(dir);
            refusePickle(folder.has(PICKLE) && !folder.has(TENSORS), folder.blame());
            var files = new LinkedHashMap<String, byte[]>();
            files.put(CONFIG, folder.bytes(CONFIG, CONFIG_BYTES_MAX));
            files.put(TENSORS, folder.bytes(TENSORS, bytesMax(base)));
            return parse(files, base, dir + "/");
        });
    }

    /**
     * The same from a zip that holds the two files, or a folder with them.
     *
     * @throws UnprocessableException if any part of it doesn't fit, or the zip is damaged or too large for any adapter
     *     of this base
     */
    public static LoraAdapter readZip(byte[] zip, ModelConfig base) {
        try {
            return readZip(new ByteArrayInputStream(zip), base);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to give bytes", e);
        }
    }

    /** The same from a stream, which is closed; its own failures are thrown as they are. */
    public static LoraAdapter readZip(InputStream zip, ModelConfig base) throws IOException {
        var blame = new Blame("zip");
        try {
            var files = new PeftZip(blame, bytesMax(base)).read(zip);
            return orMismatch(() -> {
                refusePickle(files.containsKey(PICKLE) && !files.containsKey(TENSORS), blame);
                return parse(files, base, "");
            });
        } catch (BadModelException e) {
            throw mismatch(e);
        }
    }

    /** Writes the two files into {@code dir}, which is made if need be, and forces them to disk. */
    public static void write(LoraAdapter adapter, Path dir, String baseName) throws IOException {
        Files.createDirectories(dir);
        for (var file : files(adapter, baseName).entrySet()) {
            try (var channel = FileChannel.open(
                    dir.resolve(file.getKey()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(file.getValue());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
        }
    }

    /** A zip of the two files; equal adapters give equal bytes. */
    public static byte[] zip(LoraAdapter adapter, String baseName) {
        return PeftZip.write(files(adapter, baseName));
    }

    /** SHA-256 of the adapter's {@code adapter_model.safetensors}. */
    public static String digest(LoraAdapter adapter) {
        return Digest.of(new PeftWriter(adapter).tensors());
    }

    /** Names that mean something in an adapter folder; others, such as README.md, are passed over. */
    static boolean reads(String name) {
        return name.equals(CONFIG) || name.equals(TENSORS) || name.equals(PICKLE);
    }

    private static Map<String, byte[]> files(LoraAdapter adapter, String baseName) {
        var writer = new PeftWriter(adapter);
        var files = new LinkedHashMap<String, byte[]>();
        files.put(TENSORS, writer.tensors());
        files.put(CONFIG, writer.config(baseName));
        return files;
    }

    private static LoraAdapter parse(Map<String, byte[]> files, ModelConfig base, String place) {
        var config = new PeftConfig(JsonFile.parse(file(files, CONFIG, place), new Blame(place + CONFIG)));
        var blame = new Blame(place + TENSORS);
        var tensors = SafetensorsFile.read(MemorySegment.ofArray(file(files, TENSORS, place)), blame);
        return new PeftTensors(tensors.tensors(), config, base, blame).read();
    }

    private static byte[] file(Map<String, byte[]> files, String name, String place) {
        var bytes = files.get(name);
        if (bytes == null) {
            throw new Blame(place + name).missing("file", "a file of that name");
        }
        return bytes;
    }

    private static void refusePickle(boolean pickled, Blame blame) {
        if (pickled) {
            throw blame.unsupported(PICKLE, TENSORS, "a pickle, which can run code");
        }
    }

    private static int bytesMax(ModelConfig base) {
        return (int) Math.min(PeftTensors.bytesMax(base), Integer.MAX_VALUE - 8);
    }

    private static LoraAdapter orMismatch(Supplier<LoraAdapter> reading) {
        try {
            return reading.get();
        } catch (BadModelException e) {
            throw mismatch(e);
        }
    }

    private static UnprocessableException mismatch(BadModelException e) {
        return new UnprocessableException(
                "adapter_mismatch", String.valueOf(e.getMessage()), new Fault(e.field(), e.expected(), e.found()), e);
    }
}
