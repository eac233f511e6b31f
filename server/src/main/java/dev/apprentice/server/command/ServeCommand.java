package dev.apprentice.server.command;

import dev.apprentice.server.Apprentice;
import dev.apprentice.server.Settings;
import dev.apprentice.server.telemetry.JsonLines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code serve}: answers, and learns from what is said of its answers, until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Serves a base model and the instances that learn on it, on this machine only.",
        footer = {"", "Ctrl-C lets running answers finish, then stops. docs/operations.md says more."})
final class ServeCommand implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on; 0: any free one (default: 8080).")
    private @Nullable String port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "What was taught and learnt (default: data/ in the home).")
    private @Nullable String data;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Base model: a known name, a folder, a FILE.gguf or hf:ORG/NAME[@REV] (default: smollm2-135m).")
    private @Nullable String model;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML with what differs from config/application.yaml.")
    private @Nullable Path config;

    @Option(names = "--device", paramLabel = "DEVICE", description = "auto, cpu, cuda or cuda:N (default: auto).")
    private @Nullable String device;

    @Option(names = "--dtype", paramLabel = "DTYPE", description = "auto, fp32, bf16 or int8 (default: auto).")
    private @Nullable String dtype;

    ServeCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        var settings = Settings.read(config, around.environment(), flags());
        if (settings.jsonLogs()) {
            JsonLines.begin();
        }
        var stopping = Stopping.onSignal(around);
        around.out().println(Banner.of(open(settings, stopping), settings));
        stopping.await();
        return ExitCode.OK;
    }

    private Apprentice open(Settings settings, Stopping stopping) {
        try {
            var files = around.modelStore(settings.home()).resolve(settings.model());
            return stopping.closeFirst(Apprentice.open(settings, files, around.seams()));
        } finally {
            stopping.endOpening();
        }
    }

    private Map<String, String> flags() {
        var flags = new LinkedHashMap<String, String>();
        put(flags, "listen.port", port);
        put(flags, "data", data);
        put(flags, "model", model);
        put(flags, "engine.device", device);
        put(flags, "engine.dtype", dtype);
        return flags;
    }

    private static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
