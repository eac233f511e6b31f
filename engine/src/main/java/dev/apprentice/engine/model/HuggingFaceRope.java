package dev.apprentice.engine.model;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads rotary settings from a config.json, in the old spelling ({@code rope_theta} beside {@code rope_scaling}) or
 * that of transformers 5 ({@code rope_parameters} with everything in it). Source: transformers
 * {@code modeling_rope_utils.py}, {@code RotaryEmbeddingConfigMixin}.
 */
final class HuggingFaceRope {
    private static final double DEFAULT_THETA = 10_000;

    private final JsonFile config;
    private final @Nullable JsonFile settings;
    private final Blame blame;

    HuggingFaceRope(JsonFile config) {
        this.config = config;
        this.blame = config.blame();
        var old = config.object("rope_scaling");
        this.settings = old != null && !old.root().isEmpty() ? old : config.object("rope_parameters");
    }

    Rope read(int headDim, int context) {
        double theta = theta();
        double rotated = settings == null
                ? 1
                : settings.number("partial_rotary_factor")
                        .orElse(config.number("partial_rotary_factor").orElse(1));
        if (rotated != 1 || config.number("partial_rotary_factor").orElse(1) != 1) {
            throw blame.unsupported("partial_rotary_factor", "1", String.valueOf(rotated));
        }
        return settings == null
                ? new RopeScaling.None().rope(theta, headDim)
                : scaling(settings, context).rope(theta, headDim);
    }

    private double theta() {
        var outer = config.number("rope_theta");
        var theta = settings == null ? outer : settings.number("rope_theta");
        double value = theta.orElse(outer.orElse(DEFAULT_THETA));
        if (!(value > 1 && value <= Double.MAX_VALUE)) {
            throw blame.damaged("rope_theta", "a finite number above 1", String.valueOf(value));
        }
        return value;
    }

    private RopeScaling scaling(JsonFile rope, int context) {
        if (rope.get("full_attention") != null || rope.get("sliding_attention") != null) {
            throw blame.unsupported("rope_parameters", "the same for all layers", "one for each kind of layer");
        }
        var type = rope.text("rope_type");
        if (type == null) {
            type = rope.text("type");
        }
        return switch (type) {
            case null -> new RopeScaling.None();
            case "default" -> new RopeScaling.None();
            case "dynamic" -> new RopeScaling.None(); // exact up to max_position_embeddings, where our window ends
            case "linear" -> new RopeScaling.Linear(factor(rope));
            case "llama3" -> llama3(rope, context);
            case "yarn" -> yarn(rope, context);
            default ->
                throw blame.unsupported(rope.prefix() + "rope_type", "default, linear, dynamic, llama3 or yarn", type);
        };
    }

    private RopeScaling llama3(JsonFile rope, int context) {
        double low = rope.atLeast("low_freq_factor", Double.MIN_VALUE, OptionalDouble.empty());
        double high = rope.atLeast("high_freq_factor", Double.MIN_VALUE, OptionalDouble.empty());
        if (high <= low) {
            throw blame.damaged(rope.prefix() + "high_freq_factor", "more than " + low, String.valueOf(high));
        }
        return new RopeScaling.Llama3(factor(rope), low, high, original(rope, context));
    }

    private RopeScaling yarn(JsonFile rope, int context) {
        double original = original(rope, context);
        double factor = rope.atLeast("factor", 1, OptionalDouble.of(Math.max(1, context / original)));
        return new RopeScaling.Yarn(
                factor,
                original,
                orElse(rope, "beta_fast", 32),
                orElse(rope, "beta_slow", 1),
                attentionScale(rope, factor),
                rope.flag("truncate", true));
    }

    private static double attentionScale(JsonFile rope, double factor) {
        var given = rope.number("attention_factor");
        if (given.isPresent()) {
            return rope.atLeast("attention_factor", 0, given);
        }
        double scale = rope.number("mscale").orElse(0);
        double scaleAllDims = rope.number("mscale_all_dim").orElse(0);
        return scale != 0 && scaleAllDims != 0
                ? RopeScaling.Yarn.attentionScale(factor, scale) / RopeScaling.Yarn.attentionScale(factor, scaleAllDims)
                : RopeScaling.Yarn.attentionScale(factor, 1);
    }

    /** The number, where zero counts as absent, as it does in Python's {@code x or y}. */
    private static double orElse(JsonFile rope, String field, double absent) {
        double value = rope.atLeast(field, 0, OptionalDouble.of(absent));
        return value == 0 ? absent : value;
    }

    private double original(JsonFile rope, int context) {
        var field = "original_max_position_embeddings";
        var outer = config.number(field);
        return outer.isPresent() ? config.atLeast(field, 1, outer) : rope.atLeast(field, 1, OptionalDouble.of(context));
    }

    private static double factor(JsonFile rope) {
        return rope.atLeast("factor", 1, OptionalDouble.empty());
    }
}
