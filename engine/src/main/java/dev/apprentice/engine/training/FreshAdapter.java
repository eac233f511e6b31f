package dev.apprentice.engine.training;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.decoder.Projection;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Where a student starts: A Kaiming-uniform with slope √5, so uniform in ±1/√in, and B zero (Hu et al. 2021, §4.1). */
final class FreshAdapter {
    private FreshAdapter() {}

    static LoraAdapter of(AdapterPlan plan, ModelConfig config, long seed) {
        var random = Seams.random(seed);
        var modules = new LinkedHashMap<String, LoraModule>();
        for (int layer = plan.fromLayer(); layer < plan.toLayer(); layer++) {
            for (var projection : Projection.ALL) {
                int in = projection.in(config);
                int out = projection.out(config);
                modules.put(
                        projection.path(layer),
                        new LoraModule(
                                uniform(random, plan.rank() * in, 1 / Math.sqrt(in)),
                                new float[out * plan.rank()],
                                plan.rank(),
                                in,
                                out,
                                plan.alpha() / plan.rank()));
            }
        }
        return new LoraAdapter(modules);
    }

    /** {@code start} with fresh modules where the plan names one that it lacks. */
    static LoraAdapter completed(@Nullable LoraAdapter start, AdapterPlan plan, ModelConfig config, long seed) {
        var fresh = of(plan, config, seed);
        if (start == null) {
            return fresh;
        }
        var modules = new LinkedHashMap<>(fresh.modules());
        start.modules().forEach((path, module) -> modules.put(path, rescaled(module, plan.alpha() / plan.rank())));
        return new LoraAdapter(modules);
    }

    /** The same update with another scale: what B loses the scale gains. */
    private static LoraModule rescaled(LoraModule module, double scale) {
        if (module.scale() == scale) {
            return module;
        }
        var b = module.b().clone();
        for (int i = 0; i < b.length; i++) {
            b[i] *= (float) (module.scale() / scale);
        }
        return new LoraModule(module.a(), b, module.rank(), module.in(), module.out(), scale);
    }

    private static float[] uniform(RandomGenerator random, int count, double bound) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return values;
    }
}
