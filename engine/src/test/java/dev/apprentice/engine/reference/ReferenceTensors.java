package dev.apprentice.engine.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** A safetensors file, read whole by the plainest code that can: not by the engine's reader. */
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
        var names = new TreeSet<String>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        return names;
    }

    /** A tensor's values as fp32, row by row. */
    public float[] flat(String name) {
        var entry = entry(name);
        var at = entry.get("data_offsets");
        var bytes = data.slice(at.get(0).asInt(), at.get(1).asInt() - at.get(0).asInt())
                .order(ByteOrder.LITTLE_ENDIAN);
        var type = entry.get("dtype").asText();
        var values = new float[bytes.remaining() / (type.equals("F32") ? Float.BYTES : Short.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case "F32" -> bytes.getFloat();
                case "F16" -> Float.float16ToFloat(bytes.getShort());
                case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
                default -> throw new IllegalArgumentException(file + ": " + name + " is " + type);
            };
        }
        return values;
    }

    /** A tensor's shape. */
    public int[] shape(String name) {
        return ReferenceCase.ints(entry(name).get("shape"));
    }

    /** A matrix. */
    public float[][] rows(String name) {
        var shape = shape(name);
        var flat = flat(name);
        var rows = new float[shape[0]][shape[1]];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * rows[i].length, rows[i], 0, rows[i].length);
        }
        return rows;
    }

    /** The file as a PEFT adapter, each module with the scale of its path. */
    public LoraAdapter lora(ToDoubleFunction<String> scale) {
        var modules = new LinkedHashMap<String, LoraModule>();
        for (var a : names()) {
            if (a.endsWith(".lora_A.weight")) {
                var b = a.replace(".lora_A.", ".lora_B.");
                var path = a.substring("base_model.model.".length(), a.length() - ".lora_A.weight".length());
                modules.put(
                        path,
                        new LoraModule(
                                flat(a), flat(b), shape(a)[0], shape(a)[1], shape(b)[0], scale.applyAsDouble(path)));
            }
        }
        return new LoraAdapter(modules);
    }

    private JsonNode entry(String name) {
        var entry = header.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file + " has no tensor " + name + " but " + names());
        }
        return entry;
    }
}
