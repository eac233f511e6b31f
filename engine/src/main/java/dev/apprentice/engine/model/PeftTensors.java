package dev.apprentice.engine.model;

import dev.apprentice.engine.model.SafetensorsFile.SafetensorsTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Holds an adapter's tensors against its configuration and the base model; every one must have its place. */
final class PeftTensors {
    static final String PREFIX = "base_model.model.";
    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";
    private static final int NAMED_MAX = 5;

    /** Stored only by kinds of adapter that we refuse; their field says more than "unknown tensor". */
    private static final Map<String, String> OTHER_KINDS = Map.of(
            "lora_B.bias", "lora_bias",
            "lora_magnitude_vector", "use_dora",
            "lora_embedding_A", "target_modules (embeddings)",
            "lora_embedding_B", "target_modules (embeddings)",
            "lm_head", "modules_to_save or target_modules (lm_head)",
            "embed_tokens", "modules_to_save or target_modules (embed_tokens)",
            "base_layer.weight", "an adapter that changes the base (base_layer)");

    private final Map<String, SafetensorsTensor> tensors;
    private final PeftConfig config;
    private final Map<String, long[]> modules;
    private final Blame blame;

    PeftTensors(Map<String, SafetensorsTensor> tensors, PeftConfig config, ModelConfig base, Blame blame) {
        this.tensors = tensors;
        this.config = config;
        this.modules = LinearModules.of(base);
        this.blame = blame;
    }

    LoraAdapter read() {
        refuseUnmatched();
        var targets = config.targets(modules.keySet());
        var found = new LinkedHashMap<String, LoraModule>();
        for (var module : modules.keySet()) {
            boolean stored = tensors.containsKey(PREFIX + module + A) || tensors.containsKey(PREFIX + module + B);
            if (stored && !targets.contains(module)) {
                throw blame.contradictory(
                        PREFIX + module + A, "only modules that adapter_config.json targets", "another");
            }
            if (stored || targets.contains(module)) {
                found.put(module, module(module));
            }
        }
        if (found.isEmpty()) {
            throw blame.missing("tensors", "at least one pair of lora_A and lora_B");
        }
        return new LoraAdapter(found);
    }

    /** Throws naming all tensors (or the first few) that belong to no linear layer of the base. */
    private void refuseUnmatched() {
        var places = places();
        var unmatched = new ArrayList<String>();
        for (var name : tensors.keySet()) {
            if (!places.contains(name)) {
                OTHER_KINDS.forEach((part, field) -> {
                    if (name.contains(part)) {
                        throw blame.unsupported(name, "an adapter without " + field, "this tensor");
                    }
                });
                unmatched.add(name);
            }
        }
        if (!unmatched.isEmpty()) {
            throw blame.contradictory(
                    String.join(", ", unmatched.subList(0, Math.min(NAMED_MAX, unmatched.size()))),
                    "tensors named " + PREFIX + "<linear layer of this model>" + A + " or " + B,
                    unmatched.size() + " that match none");
        }
    }

    private Set<String> places() {
        var places = new HashSet<String>();
        for (var module : modules.keySet()) {
            places.add(PREFIX + module + A);
            places.add(PREFIX + module + B);
        }
        return places;
    }

    private LoraModule module(String module) {
        var shape = Objects.requireNonNull(modules.get(module));
        int rank = config.rank(module);
        var a = tensor(PREFIX + module + A, rank, shape[1]);
        var b = tensor(PREFIX + module + B, shape[0], rank);
        return new LoraModule(a, b, rank, (int) shape[1], (int) shape[0], config.scale(module, rank));
    }

    private float[] tensor(String name, long rows, long columns) {
        var tensor = tensors.get(name);
        var shape = new long[] {rows, columns};
        if (tensor == null) {
            throw blame.missing(name, "a tensor of shape " + Arrays.toString(shape));
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw blame.contradictory(
                    name, "shape " + Arrays.toString(shape), "shape " + Arrays.toString(tensor.shape()));
        }
        var values = floats(tensor);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw blame.notFinite(name, values[i] + " in row " + i / columns + ", column " + i % columns);
            }
        }
        return values;
    }

    private float[] floats(SafetensorsTensor tensor) {
        var values = new float[Math.toIntExact(tensor.shape()[0] * tensor.shape()[1])];
        var encoding = tensor.encoding();
        if (encoding != null) {
            Dequantizer.row(encoding, tensor.data(), 0, values);
        } else if (tensor.dtype().equals("F64")) {
            doubles(tensor.data(), values);
        } else {
            throw blame.unsupported(tensor.name() + " (dtype)", "F64, F32, F16 or BF16", tensor.dtype());
        }
        return values;
    }

    private static void doubles(MemorySegment data, float[] values) {
        var layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) data.get(layout, 8L * i);
        }
    }

    /** Bytes of the largest adapter that a base can take, headers included. */
    static long bytesMax(ModelConfig base) {
        long numbers = 0;
        List<long[]> shapes = List.copyOf(LinearModules.of(base).values());
        for (var shape : shapes) {
            numbers += PeftConfig.RANK_MAX * (shape[0] + shape[1]);
        }
        return 8 * numbers + (1 << 20) + 1024L * shapes.size();
    }
}
