package dev.apprentice.server.command;

import dev.apprentice.engine.Seams;
import dev.apprentice.engine.model.hub.KnownModels;
import dev.apprentice.engine.model.hub.ModelStore;
import dev.apprentice.engine.model.hub.StoreSettings;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verb finds around it.
 *
 * @param out for results
 * @param err for progress and complaints
 * @param isTerminal whether a person watches {@code err}
 * @param environment the environment variables
 * @param root the checkout or installation that the launcher lies in, or null where there is no launcher
 * @param seams time, randomness and ids
 */
record Surroundings(
        PrintWriter out,
        PrintWriter err,
        boolean isTerminal,
        Map<String, String> environment,
        @Nullable Path root,
        Seams seams) {

    /** Those of this process, as the launcher describes them. */
    static Surroundings ofProcess() {
        var root = System.getenv("APPRENTICE_ROOT");
        return new Surroundings(
                writer(System.out),
                writer(System.err),
                Boolean.getBoolean("apprentice.terminal"),
                System.getenv(),
                root == null || root.isBlank() ? null : Path.of(root),
                Seams.real());
    }

    /** The models that have names: the list in the checkout, which may have been changed, else the one built in. */
    KnownModels knownModels() {
        var file = root == null ? null : root.resolve("config/models.yaml");
        return file != null && Files.exists(file) ? KnownModels.load(file) : KnownModels.bundled();
    }

    /** The local store of base models of the environment's home, which shows its progress on {@code err}. */
    ModelStore modelStore() {
        return modelStore(StoreSettings.of(knownModels(), environment));
    }

    /** The local store of base models in {@code home}, wherever the environment would have put it. */
    ModelStore modelStore(Path home) {
        return modelStore(StoreSettings.of(knownModels(), environment).at(home));
    }

    private ModelStore modelStore(StoreSettings settings) {
        return new ModelStore(settings, seams, new ConsoleProgress(err, isTerminal, seams.clock()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
    }
}
