package dev.apprentice.engine.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A set of low-rank changes to a base model.
 *
 * @param modules by Hugging Face module path, such as {@code model.layers.3.self_attn.q_proj}; the order is kept
 */
public record LoraAdapter(Map<String, LoraModule> modules) {
    /** Keeps an unmodifiable copy of {@code modules}. */
    public LoraAdapter {
        modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
    }
}
