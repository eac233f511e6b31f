package dev.apprentice.server.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.Settings;
import dev.apprentice.server.http.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code config}: the settings that would hold, each with where it comes from; secrets are not shown. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Prints the settings that would hold now, each with where it comes from; checks them all.",
        footer = {"", "Secrets are masked. docs/configuration.md lists every setting."})
final class ConfigCommand implements Callable<Integer> {
    private final Surroundings around;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings, as serve takes it.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting as serve's flags would give it; may be repeated.")
    private Map<String, String> flags = Map.of();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    ConfigCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        Settings.read(config, around.environment(), flags);
        var given = Settings.given(config, around.environment(), flags);
        if (json) {
            around.out().println(new String(Wire.bytes(tree(given)), StandardCharsets.UTF_8));
        } else {
            given.forEach(setting -> around.out().println(line(setting)));
        }
        return ExitCode.OK;
    }

    /** A line of YAML that --config reads as well. */
    private static String line(Settings.Given setting) {
        var shown = setting.text() == null
                ? "null"
                : "\"" + setting.text().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return setting.name() + ": " + shown + "  # " + setting.origin();
    }

    private static ObjectNode tree(List<Settings.Given> given) {
        var tree = Wire.object();
        for (var setting : given) {
            tree.putObject(setting.name()).put("value", setting.text()).put("origin", setting.origin());
        }
        return tree;
    }
}
