package dev.apprentice.engine.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes the two files of a PEFT adapter; equal adapters give equal bytes. */
final class PeftWriter {
    private static final int HEADER_ALIGNMENT = 8;

    private final LoraAdapter adapter;

    PeftWriter(LoraAdapter adapter) {
        if (adapter.modules().isEmpty()) {
            throw new IllegalArgumentException("modules: expected at least one, found none");
        }
        this.adapter = adapter;
    }

    /** adapter_model.safetensors: fp32, sorted by name as the format's own writers do. */
    byte[] tensors() {
        var matrices = new TreeMap<String, float[]>();
        var header = new LinkedHashMap<String, Object>();
        header.put("__metadata__", Map.of("format", "pt"));
        adapter.modules().forEach((path, module) -> {
            matrices.put(PeftTensors.PREFIX + path + PeftTensors.A, module.a());
            matrices.put(PeftTensors.PREFIX + path + PeftTensors.B, module.b());
        });
        long end = 0;
        for (var matrix : matrices.entrySet()) {
            long begin = end;
            end += 4L * matrix.getValue().length;
            header.put(
                    matrix.getKey(),
                    OrderedJson.object(
                            "dtype", "F32", "shape", shape(matrix.getKey()), "data_offsets", List.of(begin, end)));
        }
        var json = OrderedJson.bytes(header);
        int padded = Math.ceilDiv(json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        var file = ByteBuffer.allocate(Math.toIntExact(8 + padded + end)).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(json);
        while (file.position() < 8 + padded) {
            file.put((byte) ' ');
        }
        for (var matrix : matrices.values()) {
            file.asFloatBuffer().put(matrix);
            file.position(file.position() + 4 * matrix.length);
        }
        return file.array();
    }

    private List<Integer> shape(String key) {
        boolean a = key.endsWith(PeftTensors.A);
        var path = key.substring(PeftTensors.PREFIX.length(), key.length() - PeftTensors.A.length());
        var module = Objects.requireNonNull(adapter.modules().get(path));
        return a ? List.of(module.rank(), module.in()) : List.of(module.out(), module.rank());
    }

    /** adapter_config.json. */
    byte[] config(String baseName) {
        var first = adapter.modules().values().iterator().next();
        var ranks = new LinkedHashMap<String, Object>();
        var alphas = new LinkedHashMap<String, Object>();
        adapter.modules().forEach((path, module) -> {
            if (module.rank() != first.rank()) {
                ranks.put(path, module.rank());
            }
            if (alpha(module) != alpha(first)) {
                alphas.put(path, number(alpha(module)));
            }
        });
        var config = OrderedJson.object(
                "peft_type",
                "LORA",
                "task_type",
                "CAUSAL_LM",
                "base_model_name_or_path",
                baseName,
                "r",
                first.rank(),
                "lora_alpha",
                number(alpha(first)),
                "rank_pattern",
                ranks,
                "alpha_pattern",
                alphas,
                "bias",
                "none",
                "inference_mode",
                true);
        targets(config);
        return OrderedJson.bytes(config);
    }

    /** The same layers of each kind can be told in short; otherwise every module is named. */
    private void targets(Map<String, @Nullable Object> config) {
        var layers = new TreeSet<Integer>();
        var kinds = new TreeSet<String>();
        for (var path : adapter.modules().keySet()) {
            var parts = List.of(path.split("\\.", -1));
            if (parts.size() < 4 || !path.startsWith("model.layers.")) {
                throw new IllegalArgumentException("modules: expected model.layers.N.…, found " + path);
            }
            layers.add(Integer.valueOf(parts.get(2)));
            kinds.add(parts.getLast());
        }
        if (layers.size() * kinds.size() == adapter.modules().size()) {
            config.put("target_modules", kinds);
            config.put("layers_to_transform", layers);
        } else {
            config.put("target_modules", new TreeSet<>(adapter.modules().keySet()));
        }
    }

    private static double alpha(LoraModule module) {
        return module.scale() * module.rank();
    }

    /** Whole where it is: PEFT declares alpha as an integer. */
    private static Object number(double alpha) {
        return alpha == Math.rint(alpha) && Math.abs(alpha) < 1 << 30 ? (Object) (int) alpha : (Object) alpha;
    }
}
