package dev.apprentice.engine;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.decoder.Projection;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.model.PeftFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/** Adapters that learnt nothing. */
public final class RandomAdapter {
    private RandomAdapter() {}

    /** A random adapter on all layers of {@code base}, large enough to change what is said. */
    public static AdapterRef in(Path folder, long seed, BaseModel base) {
        var config = base.config();
        var random = Seams.random(seed);
        var modules = new LinkedHashMap<String, LoraModule>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (var projection : List.of(Projection.Q, Projection.O, Projection.DOWN)) {
                var a = new float[4 * projection.in(config)];
                var b = new float[4 * projection.out(config)];
                for (int i = 0; i < a.length; i++) {
                    a[i] = (float) (random.nextGaussian() * .05);
                }
                for (int i = 0; i < b.length; i++) {
                    b[i] = (float) (random.nextGaussian() * .05);
                }
                modules.put(
                        projection.path(layer),
                        new LoraModule(a, b, 4, projection.in(config), projection.out(config), 2));
            }
        }
        var adapter = new LoraAdapter(modules);
        try {
            PeftFolder.write(adapter, folder, base.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AdapterRef(PeftFolder.digest(adapter), folder);
    }
}
