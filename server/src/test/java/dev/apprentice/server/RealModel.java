package dev.apprentice.server;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.Progress;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Servers with the default model, as {@code serve} opens them; the model is fetched once and kept in the home. */
final class RealModel {
    private RealModel() {}

    /** Opens a server over {@code data} on any free port, with {@code flags} beside. */
    static Apprentice open(Path data, Map<String, String> flags) {
        var all = new HashMap<>(flags);
        all.put("listen.port", "0");
        all.put("data", data.toString());
        var settings = Settings.read(null, System.getenv(), all);
        return Apprentice.open(settings, files(settings), Seams.real());
    }

    private static Path files(Settings settings) {
        var known = KnownModels.bundled();
        var store = StoreSettings.of(known, System.getenv()).at(settings.home());
        return new ModelStore(store, Seams.real(), Progress.SILENT).resolve(known.standard());
    }
}
