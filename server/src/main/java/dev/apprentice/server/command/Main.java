package dev.apprentice.server.command;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.FetchFailedException;
import dev.apprentice.engine.ForbiddenException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.TooLargeException;
import dev.apprentice.engine.UnauthenticatedException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.server.BadSettingsException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The root of the command line. The launcher itself handles {@code build} and {@code test}, which need Maven. */
@Command(
        name = "apprentice",
        description = "A self-hosted model server whose agents learn their job while doing it.",
        footer = {
            "",
            "The launcher also has: build (build only), test (all tests).",
            "Exit codes: 0 good, 1 failed, 2 usage or configuration."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    private static final System.Logger LOG = System.getLogger(Main.class.getName());

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** Runs the verb that {@code words} name and ends the process with its exit code. */
    public static void main(String[] words) {
        System.exit(run(Surroundings.ofProcess(), words));
    }

    static int run(Surroundings around, String... words) {
        return commandLine(around).execute(words);
    }

    /** All verbs; a new one is added here. */
    static CommandLine commandLine(Surroundings around) {
        return new CommandLine(new Main())
                .addSubcommand(new ModelsCommand(around))
                .addSubcommand(new ServeCommand(around))
                .addSubcommand(new KeysCommand(around))
                .addSubcommand(new ConfigCommand(around))
                .addSubcommand(new DemoCommand(around))
                .addSubcommand(new BenchCommand(around))
                .setOut(around.out())
                .setErr(around.err())
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
    }

    /** No verb is a usage error. */
    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(line, "a command is missing");
    }

    private static int usage(ParameterException failure, String[] words) {
        var line = failure.getCommandLine();
        var unknown = unmatched(failure);
        var reason = unknown.isEmpty() ? failure.getMessage() : "unknown: " + String.join(" ", unknown);
        line.getErr().println("apprentice: " + reason);
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, line.getErr())) {
            line.getErr().println("'./" + line.getCommandSpec().qualifiedName() + " --help' says how to use it.");
        }
        return ExitCode.USAGE;
    }

    private static List<String> unmatched(ParameterException failure) {
        return failure instanceof CommandLine.UnmatchedArgumentException unknown ? unknown.getUnmatched() : List.of();
    }

    private static int failed(Exception failure, CommandLine line) {
        if (failure instanceof BadSettingsException faults) {
            line.getErr().println("apprentice: " + faults.getMessage());
            return ExitCode.USAGE;
        }
        if (failure instanceof ApprenticeException known) {
            line.getErr().println("apprentice: " + known.getMessage());
            return exitCode(known);
        }
        line.getErr().println("apprentice: this should not happen, please report it: " + failure);
        LOG.log(System.Logger.Level.ERROR, "event=command_failed", failure);
        return ExitCode.SOFTWARE;
    }

    /** What the person can do about it decides: change what was typed or configured, or something else. */
    private static int exitCode(ApprenticeException failure) {
        return switch (failure) {
            case InvalidRequestException _ -> ExitCode.USAGE;
            case UnprocessableException _,
                    UnauthenticatedException _,
                    ForbiddenException _,
                    NotFoundException _,
                    ConflictException _,
                    GoneException _,
                    TooLargeException _,
                    OverloadedException _,
                    UnavailableException _,
                    NotBuiltException _,
                    BadModelException _,
                    FetchFailedException _,
                    FailedException _ -> ExitCode.SOFTWARE;
        };
    }

    /** The version that the jar was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "apprentice " + (version == null ? "(not from a jar)" : version),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
