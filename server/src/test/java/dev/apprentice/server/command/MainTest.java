package dev.apprentice.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.server.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person types, and what comes back: text and exit code. */
class MainTest {
    @TempDir
    @Nullable
    Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    private Path home() {
        return Objects.requireNonNull(temporary);
    }

    private Surroundings around() {
        environment.putIfAbsent("APPRENTICE_HOME", home().toString());
        return new Surroundings(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                Map.copyOf(environment),
                home().resolve("root"),
                Seams.real());
    }

    private int run(String... words) {
        return Main.run(around(), words);
    }

    @Test
    void aBenchmarkThatIsNotThereIsAnsweredWithThoseThatAre() {
        assertThat(run("bench", "speed")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no benchmark 'speed'; there are: api");
        assertThat(run("bench", "engine", "--dtypes", "int8,fp8")).isEqualTo(2);
        assertThat(err.toString()).contains("--dtypes: expected fp32, bf16 or int8, found fp8");
        assertThat(run("bench", "api", "--seconds", "0")).isEqualTo(2);
    }

    @Test
    void everyCommandHasHelpAndExitsWell() {
        for (var line : allCommands(Main.commandLine(around())).toList()) {
            var words = List.of(line.getCommandSpec().qualifiedName().split(" "));
            var asked =
                    Stream.concat(words.stream().skip(1), Stream.of("--help")).toArray(String[]::new);

            assertThat(run(asked)).as("%s --help", words).isZero();
            assertThat(line.getCommandSpec().usageMessage().description())
                    .as("%s", words)
                    .isNotEmpty();
        }
        assertThat(out.toString()).contains("Usage: apprentice models pull");
        assertThat(err.toString()).isEmpty();
    }

    private static Stream<CommandLine> allCommands(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(MainTest::allCommands));
    }

    @Test
    void theVersionNamesTheProgramAndItsJava() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("apprentice ").contains("Java " + Runtime.version());
    }

    @Test
    void usageErrorsExitWithTwoAndSayWhatIsWrong() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("serfe")).isEqualTo(2);
        assertThat(run("models")).isEqualTo(2);
        assertThat(run("models", "rm")).isEqualTo(2);
        assertThat(run("models", "list", "--colour")).isEqualTo(2);
        assertThat(err.toString())
                .contains("apprentice: a command is missing", "unknown: serfe", "list, pull, verify or rm is missing")
                .contains("NAME", "unknown: --colour", "--help")
                .doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aWrongSettingIsAConfigurationError() {
        environment.put("APPRENTICE_MIRROR", "gopher://old.example");

        assertThat(run("models", "list")).isEqualTo(2);
        assertThat(err.toString()).contains("apprentice: APPRENTICE_MIRROR: expected https://HOST/PATH");
    }

    @CommandLine.Command(name = "fails", description = "Fails in the way that it is told.")
    private record Failing(Supplier<Integer> work) implements Callable<Integer> {
        @Override
        public Integer call() {
            return work.get();
        }
    }

    private int fail(Supplier<Integer> work) {
        var line = Main.commandLine(around());
        line.addSubcommand(new Failing(work));
        return line.setErr(line.getErr()).execute("fails");
    }

    @Test
    void allFaultsOfAConfigurationAreOneNumberedList() {
        var flags = Map.of("listen.port", "many", "engine.dtype", "fp7");

        assertThat(fail(() -> Settings.read(null, Map.of(), flags).hashCode())).isEqualTo(2);
        assertThat(err.toString())
                .contains("apprentice: The configuration has 2 faults:", "  1. ", "  2. ", "many", "fp7");
    }

    @Test
    void aFaultOfOursAsksForAReport() {
        assertThat(fail(() -> Objects.requireNonNull(null))).isEqualTo(1);
        assertThat(err.toString()).contains("this should not happen, please report it: java.lang.NullPointerException");
    }

    @Test
    void theCheckoutsOwnListOfModelsWinsAndItsFaultsAreNamed() throws IOException {
        var file = home().resolve("root/config/models.yaml");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "default: x\nmodels: 7\n");

        assertThat(run("models", "list")).isEqualTo(2);
        assertThat(err.toString()).contains(file.toString());
    }

    @Test
    void modelsListShowsWhatIsKnownAndWhichIsTheDefault() {
        assertThat(run("models", "list")).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("smollm2-135m +not here +98\\.4 MB .*\\(the default\\)"))
                .anyMatch(line -> line.matches("smollm2-135m-bf16 +not here +271\\.2 MB .*"));
    }

    @Test
    void aModelThatCannotBeFetchedIsOneMessageWithoutAStackTrace() {
        environment.put("APPRENTICE_OFFLINE", "1");

        assertThat(run("models", "pull")).isEqualTo(1);
        assertThat(err.toString())
                .contains("apprentice: could not fetch model smollm2-135m (98,362,432 bytes); tried:")
                .contains("--model FILE.gguf")
                .doesNotContain("Exception", "\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void verifyOfAnEmptyStoreIsGoodAndOfADamagedOneIsNot() throws IOException {
        assertThat(run("models", "verify")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("the store is empty");

        var file = home().resolve("models/smollm2-135m/SmolLM2-135M-Instruct.Q4_1.gguf");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "not a model");

        assertThat(run("models", "verify")).isEqualTo(1);
        assertThat(out.toString()).contains("WRONG    " + file + ": expected sha256:b179c952");
    }

    @Test
    void rmRemovesWhatIsThereAndComplainsOfWhatIsNot() throws IOException {
        var file = home().resolve("models/smollm2-135m/SmolLM2-135M-Instruct.Q4_1.gguf");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, new byte[2_500]);

        assertThat(run("models", "rm", "smollm2-135m")).isZero();
        assertThat(out.toString()).contains("removed smollm2-135m, 2.5 kB freed");
        assertThat(file.getParent()).doesNotExist();
        assertThat(run("models", "rm", "smollm2-135m")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing of 'smollm2-135m' is in");
    }
}
