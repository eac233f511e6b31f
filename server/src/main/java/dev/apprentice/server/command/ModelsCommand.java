package dev.apprentice.server.command;

import dev.apprentice.engine.model.hub.ModelStore.Check;
import dev.apprentice.engine.model.hub.ModelStore.Entry;
import dev.apprentice.engine.model.hub.ModelStore.Outcome;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code models}: the local store of base models. */
@Command(
        name = "models",
        description = "The local store of base models.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ModelsCommand implements Runnable {
    private final Surroundings around;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    ModelsCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        throw new CommandLine.ParameterException(line, "models: list, pull, verify or rm is missing");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Lists the models that have a name and those fetched from the hub.")
    int list() {
        var standard = around.knownModels().standard();
        var entries = around.modelStore().list();
        var width =
                entries.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
        for (var entry : entries) {
            around.out().println(row(entry, entry.name().equals(standard), width));
        }
        return ExitCode.OK;
    }

    private static String row(Entry entry, boolean isStandard, int width) {
        var state = switch (entry.state()) {
            case HERE -> "here";
            case PARTIAL -> "partly here";
            case ABSENT -> "not here";
        };
        return ("%-" + width + "s  %-11s  %9s  %s%s")
                .formatted(
                        entry.name(),
                        state,
                        ConsoleProgress.size(entry.bytes()),
                        entry.about(),
                        isStandard ? " (the default)" : "");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Fetches a model into the store, unless it is there, and prints where it is.")
    int pull(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            description = "A known name or hf:ORG/NAME[@REV]; the default model if absent.")
                    @Nullable
                    String name) {
        var wanted = name == null ? around.knownModels().standard() : name;
        around.out().println(around.modelStore().pull(wanted));
        return ExitCode.OK;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Reads every file in the store and compares its SHA-256; exit code 1 if any is wrong.")
    int verify() {
        var checks = around.modelStore().verify();
        if (checks.isEmpty()) {
            around.out().println("the store is empty");
        }
        for (var check : checks) {
            around.out().println(line(check));
        }
        return checks.stream().allMatch(check -> check.outcome() == Outcome.GOOD) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String line(Check check) {
        return switch (check.outcome()) {
            case GOOD -> "good     " + check.file();
            case MISSING -> "MISSING  " + check.file() + ": " + check.detail();
            case WRONG -> "WRONG    " + check.file() + ": " + check.detail();
        };
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes models from the store.")
    int rm(@Parameters(arity = "1..*", paramLabel = "NAME", description = "As 'list' shows them.") List<String> names) {
        var store = around.modelStore();
        for (var name : names) {
            around.out().println("removed " + name + ", " + ConsoleProgress.size(store.remove(name)) + " freed");
        }
        return ExitCode.OK;
    }
}
