package dev.apprentice.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** An adapter_config.json of the kind that we can apply; every other kind is refused by the field that asks for it. */
final class PeftConfig {
    static final int RANK_MAX = 256;

    /** Fields that change nothing in what the stored tensors mean. */
    private static final Set<String> INERT = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "inference_mode",
            "layers_pattern",
            "loftq_config",
            "lora_dropout",
            "lora_ga_config",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config");

    /** Fields that are read. */
    private static final Set<String> READ = Set.of(
            "alpha_pattern",
            "bias",
            "exclude_modules",
            "init_lora_weights",
            "layers_to_transform",
            "lora_alpha",
            "peft_type",
            "r",
            "rank_pattern",
            "target_modules",
            "task_type",
            "use_rslora");

    /** Ways to initialise that leave the base as it is. */
    private static final Set<String> INITS = Set.of("gaussian", "eva", "orthogonal", "true", "false");

    private final JsonFile config;
    private final Blame blame;
    private final Map<BoundedPattern, Double> ranks;
    private final Map<BoundedPattern, Double> alphas;

    PeftConfig(JsonFile config) {
        this.config = config;
        this.blame = config.blame();
        refuseOtherKinds();
        this.ranks = patterns("rank_pattern");
        this.alphas = patterns("alpha_pattern");
    }

    private void refuseOtherKinds() {
        wants("peft_type", "LORA", true);
        wants("task_type", "CAUSAL_LM", false);
        wants("bias", "none", false);
        var init = config.get("init_lora_weights");
        if (init != null && !INITS.contains(init.asText())) {
            throw blame.unsupported("init_lora_weights", "a way that leaves the base unchanged", init.asText());
        }
        for (var field : config.root().properties()) {
            var name = field.getKey();
            if (!READ.contains(name) && !INERT.contains(name) && says(field.getValue())) {
                throw blame.unsupported(
                        name, "an adapter without it", field.getValue().toString());
            }
        }
    }

    private void wants(String field, String value, boolean required) {
        var found = config.get(field);
        if (found == null && required) {
            throw blame.missing(field, value);
        }
        if (found != null && !found.asText().equals(value)) {
            throw blame.unsupported(field, value, found.asText());
        }
    }

    /** Whether a value asks for something, as Python's truth has it. */
    private static boolean says(JsonNode value) {
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        return !value.isNull()
                && !(value.isBoolean() && !value.booleanValue())
                && !(value.isTextual() && value.textValue().isEmpty())
                && !(value.isNumber() && value.doubleValue() == 0);
    }

    private Map<BoundedPattern, Double> patterns(String field) {
        var patterns = new LinkedHashMap<BoundedPattern, Double>();
        var object = config.object(field);
        if (object == null) {
            return patterns;
        }
        for (var entry : object.root().properties()) {
            var key = entry.getKey();
            patterns.put(
                    BoundedPattern.of("(?:.*\\.)?(?:", key, ")", field, blame),
                    object.atLeast(key, Double.MIN_VALUE, OptionalDouble.empty()));
        }
        return patterns;
    }

    /** The modules that it says it changes. */
    Set<String> targets(Set<String> modules) {
        return new PeftTargets(config).among(modules);
    }

    /** The inner width that it states for a module; the tensor itself must agree. */
    int rank(String module) {
        for (var pattern : ranks.entrySet()) {
            if (pattern.getKey().matches(module)) {
                if (pattern.getValue() > RANK_MAX || pattern.getValue() != Math.rint(pattern.getValue())) {
                    throw blame.unsupported(
                            "rank_pattern", "whole numbers up to " + RANK_MAX, String.valueOf(pattern.getValue()));
                }
                return pattern.getValue().intValue();
            }
        }
        return config.positive("r", RANK_MAX);
    }

    /** What the product of the two matrices is multiplied by. */
    double scale(String module, int rank) {
        double alpha = config.atLeast("lora_alpha", -Double.MAX_VALUE, OptionalDouble.empty());
        for (var pattern : alphas.entrySet()) {
            if (pattern.getKey().matches(module)) {
                alpha = pattern.getValue();
                break;
            }
        }
        return alpha / (config.flag("use_rslora", false) ? Math.sqrt(rank) : rank);
    }
}
