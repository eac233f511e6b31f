package dev.apprentice.learner.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A study goes on from what serves, so it has its shape. */
class ShapeTest {
    private static final int LAYERS = 30;
    private static final List<String> MAPS = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    private final StudyPlan plan = StudyPlan.DEFAULT;

    @Test
    void anAdapterOfThePlansOwnShapeChangesNothing() {
        var own = adapter(plan.adapter(LAYERS).fromLayer(), plan.rank(), MAPS);
        assertThat(plan.like(own, LAYERS).reaching(own, LAYERS)).isEqualTo(plan);
        assertThat(plan.like(null, LAYERS).reaching(null, LAYERS)).isEqualTo(plan);
    }

    @Test
    void aRivalsShapeIsTakenOver() {
        for (int layer : new int[] {0, 1, 7, 13, 18, 29}) {
            var like = plan.like(adapter(layer, 8, MAPS), LAYERS);
            assertThat(like.adapter(LAYERS).fromLayer()).isEqualTo(layer);
            assertThat(like.rank()).isEqualTo(8);
            assertThat(like.alpha()).isEqualTo(16);
            assertThat(like.rate()).isEqualTo(plan.rate());
        }
    }

    @Test
    void nothingOfAnUploadedAdapterIsLeftOut() {
        var uploaded = adapter(3, 4, List.of("self_attn.o_proj"));
        var reaching = plan.like(uploaded, LAYERS).reaching(uploaded, LAYERS);
        assertThat(reaching.adapter(LAYERS).fromLayer()).isEqualTo(3);
        assertThat(reaching.rank()).isEqualTo(plan.rank());
        assertThat(plan.like(uploaded, LAYERS).reaching(null, LAYERS)).isEqualTo(plan);
    }

    private static LoraAdapter adapter(int from, int rank, List<String> maps) {
        var modules = new LinkedHashMap<String, LoraModule>();
        for (int layer = from; layer < LAYERS; layer++) {
            for (var map : maps) {
                modules.put(
                        "model.layers." + layer + "." + map,
                        new LoraModule(new float[rank], new float[rank], rank, 1, 1, 2));
            }
        }
        return new LoraAdapter(modules);
    }
}
