package dev.apprentice.engine.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A safetensors file of expected values, fp32 only, read by the plainest code that can: not by the engine's reader. */
public final class ReferenceTensors {
    private final Path file;
    private final JsonNode header;
    private final ByteBuffer data;

    private ReferenceTensors(Path file, JsonNode header, ByteBuffer data) {
        this.file = file;
        this.header = header;
        this.data = data;
    }

    /** Reads {@code file} as a whole. */
    public static ReferenceTensors read(Path file) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            var head = new byte[Math.toIntExact(bytes.getLong())];
            bytes.get(head);
            var header = new ObjectMapper().readTree(new String(head, StandardCharsets.UTF_8));
            return new ReferenceTensors(file, header, bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the file holds. */
    public Set<String> names() {
        var names = new java.util.TreeSet<String>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        return names;
    }

    /** A tensor's values, row by row. */
    public float[] flat(String name) {
        var at = entry(name).get("data_offsets");
        var values = new float[(at.get(1).asInt() - at.get(0).asInt()) / Float.BYTES];
        data.slice(at.get(0).asInt(), values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    /** A matrix. */
    public float[][] rows(String name) {
        var shape = entry(name).get("shape");
        var flat = flat(name);
        var rows = new float[shape.get(0).asInt()][shape.get(1).asInt()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * rows[i].length, rows[i], 0, rows[i].length);
        }
        return rows;
    }

    private JsonNode entry(String name) {
        var entry = header.get(name);
        if (entry == null || !entry.get("dtype").asText().equals("F32")) {
            throw new IllegalArgumentException(file + " has no F32 tensor " + name + " but " + names());
        }
        return entry;
    }
}
