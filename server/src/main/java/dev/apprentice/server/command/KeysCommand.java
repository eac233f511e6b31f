package dev.apprentice.server.command;

import dev.apprentice.server.Settings;
import dev.apprentice.server.security.Caller;
import dev.apprentice.server.security.Journal;
import dev.apprentice.server.security.Key;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Meter;
import dev.apprentice.server.security.Scope;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys}: who may call the server. It works beside a running server, which sees a change within a second. */
@Command(
        name = "keys",
        description = "The keys of the server; from the first one on nobody is served without one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Runnable {
    private static final String ACTOR = "command line";

    private final Surroundings around;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    KeysCommand(Surroundings around) {
        this.around = around;
    }

    /** Which data folder is meant. */
    static final class Place {
        @Option(names = "--data", paramLabel = "DIR", description = "The data folder (default: as serve's).")
        private @Nullable String data;

        @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings.")
        private @Nullable Path config;

        Path folder(Surroundings around) {
            var flags = data == null ? Map.<String, String>of() : Map.of("data", data);
            return Settings.read(config, around.environment(), flags).data();
        }
    }

    /** How much a key may use. */
    static final class Use {
        @Option(names = "--requests-per-minute", paramLabel = "N", description = "How many requests (default: any).")
        private @Nullable Integer requests;

        @Option(
                names = "--tokens-per-minute",
                paramLabel = "N",
                description = "How many tokens of prompts and answers (default: any).")
        private @Nullable Integer tokens;

        Limits limits() {
            return new Limits(requests, tokens);
        }
    }

    @Override
    public void run() {
        var line = Objects.requireNonNull(spec).commandLine();
        throw new CommandLine.ParameterException(line, "keys: create, list or revoke is missing");
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a key and prints it; it is never shown again.")
    int create(
            @Option(
                            names = "--scope",
                            required = true,
                            split = ",",
                            paramLabel = "SCOPE",
                            description = "What it is good for: ask, teach, admin, separated by commas.")
                    List<String> scopes,
            @Option(names = "--name", paramLabel = "N", description = "Who will use it (default: its id).") @Nullable
                    String name,
            @Option(
                            names = "--instance",
                            paramLabel = "I",
                            description = "The only instance it is good for, or base; may be repeated (default: all).")
                    @Nullable
                    List<String> instances,
            @Option(
                            names = "--expires",
                            paramLabel = "SPAN",
                            description = "How long it is good, as 30d, 12h or 90m (default: until revoked).")
                    @Nullable
                    String expires,
            @CommandLine.Mixin Use use,
            @CommandLine.Mixin Place place) {
        var draft = new KeyDraft(
                name,
                scopes(scopes),
                instances == null ? null : new HashSet<>(instances),
                expires == null ? null : Span.read(expires),
                use.limits());
        var folder = place.folder(around);
        var issued =
                recorded(folder, "keys create", named(name), () -> keys(folder).create(draft));
        around.err().println("Key " + row(issued.key()) + ". Keep it: it is not shown again.");
        around.out().println(issued.secret());
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the keys, without what is secret of them.")
    int list(@CommandLine.Mixin Place place) {
        var keys = keys(place.folder(around)).list();
        keys.forEach(key -> around.out().println(row(key)));
        if (keys.isEmpty()) {
            around.out().println("there are no keys: a server here answers this machine only");
        }
        return ExitCode.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a key good for nothing, for ever.")
    int revoke(
            @Parameters(paramLabel = "ID", description = "As 'list' shows it.") String id,
            @CommandLine.Mixin Place place) {
        var folder = place.folder(around);
        around.out()
                .println(row(
                        recorded(folder, "keys revoke", id, () -> keys(folder).revoke(id))));
        return ExitCode.OK;
    }

    private Keys keys(Path folder) {
        return Keys.open(folder, around.seams());
    }

    private <T> T recorded(Path folder, String action, String on, Supplier<T> change) {
        var caller = new Caller(ACTOR, ACTOR, EnumSet.allOf(Scope.class), null, Meter.FREE);
        var act = new Journal(folder, around.seams()).begin(caller, action, on, "none");
        try {
            var changed = change.get();
            act.ended(
                    "done", changed instanceof Keys.Issued issued ? issued.key().id() : null);
            return changed;
        } catch (RuntimeException e) {
            act.ended("failed", null);
            throw e;
        }
    }

    private static String named(@Nullable String name) {
        return name == null ? "a key without a name" : name;
    }

    private static Set<Scope> scopes(List<String> words) {
        var scopes = EnumSet.noneOf(Scope.class);
        for (var word : words) {
            scopes.add(List.of(Scope.values()).stream()
                    .filter(scope -> scope.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> Span.wrong("--scope", "of ask, teach, admin", word)));
        }
        return scopes;
    }

    private String row(Key key) {
        var state = key.revoked() != null
                ? "revoked"
                : key.isGood(around.seams().clock().instant()) ? "good" : "expired";
        var scopes = new TreeSet<>(key.scopes()).stream().map(Scope::word).collect(Collectors.joining(","));
        var instances = key.instances() == null ? "all instances" : String.join(",", new TreeSet<>(key.instances()));
        var until = key.expires() == null ? "" : ", until " + key.expires();
        return "%s  %-7s  %-15s  %s  (%s%s)"
                .formatted(key.id(), state, scopes, key.name(), instances, until.toLowerCase(Locale.ROOT));
    }
}
