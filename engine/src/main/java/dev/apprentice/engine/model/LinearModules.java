package dev.apprentice.engine.model;

import java.util.LinkedHashMap;
import java.util.Map;

/** The linear layers of a model that an adapter may change. */
final class LinearModules {
    private static final String WEIGHT = ".weight";

    private LinearModules() {}

    /** Module path to {@code [out, in]}, in the order of the forward pass; neither embedding nor head. */
    static Map<String, long[]> of(ModelConfig config) {
        var modules = new LinkedHashMap<String, long[]>();
        TensorPlan.of(config).forEach((name, shape) -> {
            if (name.startsWith("model.layers.") && name.endsWith("_proj" + WEIGHT)) {
                modules.put(name.substring(0, name.length() - WEIGHT.length()), shape);
            }
        });
        return modules;
    }
}
