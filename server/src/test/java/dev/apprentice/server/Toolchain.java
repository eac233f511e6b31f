package dev.apprentice.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A language whose clients are tried. Their pinned versions are installed once into a folder of the build, by the
 * language's own package manager, and kept while the file that pins them stays the same.
 */
enum Toolchain {
    PYTHON("python", "requirements.txt"),
    NPM("npm", "package.json");

    private static final Duration ASKING = Duration.ofSeconds(30);
    private static final Duration INSTALLING = Duration.ofMinutes(4);
    private static final List<String> PYTHONS =
            List.of("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python");
    /** Tells its version where it is new enough for the pinned packages and can make folders for packages. */
    private static final String PYTHON_PROBE =
            "import ensurepip, sys, venv; print(sys.version); sys.exit(sys.version_info < (3, 11))";
    /** Likewise. */
    private static final String NODE_PROBE =
            "console.log(process.version); process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)";
    /** How package managers say that nobody answered them. */
    private static final Pattern UNREACHABLE = Pattern.compile(
            "connection broken by|Max retries exceeded|Name or service not known|name resolution|timed out|Timeout"
                    + "|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|network");

    /** What became of it. */
    sealed interface State {
        /** {@code program} runs the scripts in {@code scripts}: beside the packages, where Node looks for them. */
        record Ready(String program, Path scripts) implements State {}

        /** Nothing of it can be run here, and why. */
        record NotRun(String reason) implements State {}
    }

    private final Path sources;
    private final Path folder;
    private final String pins;

    Toolchain(String name, String pins) {
        this.sources = Path.of("src/test/clients", name).toAbsolutePath();
        this.folder = Path.of("target/clients", name).toAbsolutePath();
        this.pins = pins;
    }

    /** Finds it and installs what is missing; fails where packages were offered and could not be installed. */
    State prepare() {
        return switch (this) {
            case PYTHON -> preparePython();
            case NPM -> prepareNpm();
        };
    }

    private State preparePython() {
        for (var program : PYTHONS) {
            var found = ask(List.of(program, "-c", PYTHON_PROBE));
            if (found.isGood()) {
                var own = folder.resolve("bin/python").toString();
                return installed(
                        found.output(),
                        new State.Ready(own, folder),
                        List.of(program, "-m", "venv", "--clear", folder.toString()),
                        List.of(own, "-m", "pip", "install", "--no-input", "--retries=1", "--timeout=20", "-r", pins));
            }
        }
        return new State.NotRun("no Python 3.11 or newer with venv and pip is on the path");
    }

    private State prepareNpm() {
        var node = ask(List.of("node", "-e", NODE_PROBE));
        var npm = ask(List.of("npm", "--version"));
        if (!node.isGood() || !npm.isGood()) {
            return new State.NotRun("no Node 20 or newer with npm is on the path");
        }
        return installed(
                node.output() + npm.output(),
                new State.Ready("node", folder),
                List.of(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--no-package-lock",
                        "--ignore-scripts",
                        "--fetch-retries=1",
                        "--fetch-timeout=20000"));
    }

    private Child ask(List<String> command) {
        return Child.run(command, sources, Map.of(), ASKING);
    }

    @SafeVarargs
    private State installed(String version, State.Ready ready, List<String>... commands) {
        try {
            var stamp = folder.resolve("installed");
            var wanted = version + Files.readString(sources.resolve(pins));
            Files.createDirectories(folder);
            if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
                Files.deleteIfExists(stamp);
                for (var command : commands) {
                    copySources();
                    var install = Child.run(command, folder, Map.of(), INSTALLING);
                    if (!install.isGood()) {
                        return notInstalled(command, install);
                    }
                }
                Files.writeString(stamp, wanted);
            }
            copySources();
            return ready;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private State notInstalled(List<String> command, Child install) {
        var told = String.join(" ", command) + ":\n" + install.output();
        if (install.exit().isEmpty()) {
            return new State.NotRun("not installed within " + INSTALLING + " by " + told);
        }
        if (UNREACHABLE.matcher(install.output()).find()) {
            return new State.NotRun("the package index cannot be reached by " + told);
        }
        throw new AssertionError(told);
    }

    private void copySources() throws IOException {
        try (var files = Files.list(sources)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file, folder.resolve(String.valueOf(file.getFileName())), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
