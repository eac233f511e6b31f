package dev.apprentice.engine.decoder;

import dev.apprentice.engine.model.ModelConfig;
import java.util.List;

/** The seven linear maps of a layer that an adapter may change, in the program's order. */
public enum Projection {
    Q("self_attn.q_proj"),
    K("self_attn.k_proj"),
    V("self_attn.v_proj"),
    O("self_attn.o_proj"),
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    /** All seven, in the program's order. */
    public static final List<Projection> ALL = List.of(values());

    private final String path;

    Projection(String path) {
        this.path = path;
    }

    /** Its Hugging Face module path in {@code layer}, such as {@code model.layers.3.self_attn.q_proj}. */
    public String path(int layer) {
        return "model.layers." + layer + "." + path;
    }

    /** Width of its input. */
    public int in(ModelConfig config) {
        return switch (this) {
            case Q, K, V, GATE, UP -> config.hidden();
            case O -> config.heads() * config.headDim();
            case DOWN -> config.intermediate();
        };
    }

    /** Width of its output. */
    public int out(ModelConfig config) {
        return switch (this) {
            case Q -> config.heads() * config.headDim();
            case K, V -> config.kvHeads() * config.headDim();
            case O, DOWN -> config.hidden();
            case GATE, UP -> config.intermediate();
        };
    }
}
