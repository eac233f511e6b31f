package dev.apprentice.server;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.decoder.Projection;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.model.PeftFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adapters that nobody trained: random, and large enough to change what is said. */
final class RandomAdapter {
    private RandomAdapter() {}

    static byte[] zip(ModelConfig config, long seed) {
        return PeftFolder.zip(new LoraAdapter(modules(config, seed)), "random");
    }

    /** One whose module {@code path} has {@code extra} columns too many. */
    static byte[] misshapen(ModelConfig config, String path, int rank, int extra) {
        var modules = modules(config, 1);
        int in = config.hidden() + extra;
        int out = config.hidden();
        modules.put(path, new LoraModule(new float[rank * in], new float[out * rank], rank, in, out, 1));
        return PeftFolder.zip(new LoraAdapter(modules), "random");
    }

    private static Map<String, LoraModule> modules(ModelConfig config, long seed) {
        var random = Seams.random(seed);
        var modules = new LinkedHashMap<String, LoraModule>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (var projection : List.of(Projection.Q, Projection.O, Projection.DOWN)) {
                int in = projection.in(config);
                int out = projection.out(config);
                var a = new float[4 * in];
                var b = new float[out * 4];
                for (int i = 0; i < a.length; i++) {
                    a[i] = (float) (random.nextGaussian() * .05);
                }
                for (int i = 0; i < b.length; i++) {
                    b[i] = (float) (random.nextGaussian() * .05);
                }
                modules.put(projection.path(layer), new LoraModule(a, b, 4, in, out, 2));
            }
        }
        return modules;
    }
}
