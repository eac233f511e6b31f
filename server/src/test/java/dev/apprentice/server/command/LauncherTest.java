package dev.apprentice.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a house of cards: a JDK and a Maven that only note how they were called. */
class LauncherTest {
    @TempDir
    @Nullable
    Path temporary;

    private final Map<String, String> environment = new HashMap<>();

    private Path at(String path) {
        return Objects.requireNonNull(temporary).resolve(path);
    }

    @BeforeEach
    void build() throws IOException {
        write("root/apprentice", Files.readString(repository().resolve("apprentice")), true);
        write("root/pom.xml", "<project/>", false);
        write("root/engine/src/main/java/A.java", "class A {}", false);
        write("root/config/models.yaml", "", false);
        jdk("jvm/old", "17.0.15");
        jdk("jvm/right", "25.0.3");
        jdk("jvm/newer", "27");
        for (var tool : List.of(
                "sh",
                "cat",
                "dirname",
                "find",
                "head",
                "ln",
                "mkdir",
                "mv",
                "readlink",
                "rm",
                "rmdir",
                "sed",
                "sleep")) {
            write("bin/" + tool, "#!/bin/sh\nexec " + tool(tool) + " \"$@\"\n", true);
        }
        write("bin/mvn", """
                #!/bin/sh
                echo "$JAVA_HOME: $*" >>"$HOME/mvn.log"
                [ -z "${MVN_FAILS:-}" ] || { echo 'ERROR in A.java'; exit 1; }
                mkdir -p server/target/lib
                : >server/target/apprentice-server-1.jar
                """, true);
        Files.createDirectories(at("home"));
        environment.putAll(Map.of(
                "PATH", at("bin").toString(),
                "HOME", at("home").toString(),
                "APPRENTICE_JVM_DIR", at("jvm").toString()));
    }

    private void jdk(String path, String version) throws IOException {
        write(path + "/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n", false);
        write(path + "/bin/javac", "#!/bin/sh\n", true);
        write(
                path + "/bin/java",
                "#!/bin/sh\necho \"java " + path
                        + "\"\nfor word in \"$@\"; do echo \"<$word>\"; done\necho \"home ${APPRENTICE_HOME:-unset}, root $APPRENTICE_ROOT, cache $DJL_CACHE_DIR\"\nexit ${JAVA_EXITS:-0}\n",
                true);
    }

    private void write(String path, String text, boolean isProgram) throws IOException {
        var file = at(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        if (isProgram) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Path tool(String name) {
        for (var folder : List.of("/usr/bin", "/bin")) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name);
            }
        }
        throw new AssertionError("this machine has no " + name);
    }

    private static Path repository() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("apprentice"))) {
            folder = Objects.requireNonNull(folder.getParent());
        }
        return folder;
    }

    /** What a run printed, and how it ended. */
    private record Run(int code, String out, String err) {}

    private Process start(String script, String... words) throws IOException {
        var command = new ArrayList<>(List.of(at(script).toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Run end(Process process) throws IOException, InterruptedException {
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out, err);
    }

    private Run run(String... words) throws IOException, InterruptedException {
        return end(start("root/apprentice", words));
    }

    private List<String> mavenCalls() throws IOException {
        return Files.exists(at("home/mvn.log")) ? Files.readAllLines(at("home/mvn.log")) : List.of();
    }

    @Test
    void theScriptIsPlainShell() throws IOException, InterruptedException {
        for (var shell : List.of("/bin/sh", "/usr/bin/dash", "/usr/bin/bash")) {
            if (Files.isExecutable(Path.of(shell))) {
                var process =
                        new ProcessBuilder(shell, "-n", at("root/apprentice").toString()).start();
                assertThat(end(process)).as(shell).isEqualTo(new Run(0, "", ""));
            }
        }
    }

    @Test
    void wordsAndExitCodePassThroughAndTheRightJdkIsFound() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", at("jvm/old").toString());
        environment.put("JAVA_EXITS", "3");
        environment.put("APPRENTICE_JAVA_OPTS", "-Xmx1g -Dstar=*");

        var run = run("models", "pull", "a name", "*");

        assertThat(run.code).isEqualTo(3);
        assertThat(run.out)
                .startsWith("java jvm/right\n")
                .contains(
                        "<-Dai.djl.offline=true>\n",
                        "<--enable-native-access=ALL-UNNAMED>\n",
                        "<-ea:dev.apprentice...>\n")
                .contains("<-Xmx1g>\n<-Dstar=*>\n", "<" + at("root").toRealPath() + "/server/target/*:")
                .contains("<dev.apprentice.server.command.Main>\n<models>\n<pull>\n<a name>\n<*>\n")
                .contains("home unset, root ", "cache " + at("home/.apprentice/cache/djl"));
    }

    @Test
    void aJavaHomeThatIsNewEnoughWins() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", at("jvm/newer").toString());

        assertThat(run("x").out).startsWith("java jvm/newer\n");
    }

    @Test
    void withoutAJdkOneLineSaysWhatToInstall() throws IOException, InterruptedException {
        environment.put("APPRENTICE_JVM_DIR", at("nowhere").toString());

        var run = run("serve");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err.lines()).singleElement().asString().contains("no JDK 25 found: install one");
        assertThat(run.out).isEmpty();
    }

    @Test
    void withoutMavenOneLineSaysWhatToInstall() throws IOException, InterruptedException {
        Files.delete(at("bin/mvn"));

        var run = run("serve");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err.lines()).singleElement().asString().contains("Maven is needed");
    }

    @Test
    void itBuildsOnceAndAgainWhenSourcesAreNewerOrGone() throws IOException, InterruptedException {
        assertThat(run("x").err).contains("building…");
        assertThat(run("x").err).isEmpty();
        assertThat(mavenCalls())
                .singleElement()
                .asString()
                .startsWith(at("jvm/right") + ": ")
                .endsWith("package");

        var built = Files.getLastModifiedTime(at("root/target/built.stamp")).toInstant();
        var later = FileTime.from(built.plus(Duration.ofSeconds(5)));
        Files.setLastModifiedTime(at("root/engine/src/main/java/A.java"), later);
        assertThat(run("x").err).contains("building… (sources are newer)");
        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void aFailedBuildShowsItsOutputAndIsTriedAgain() throws IOException, InterruptedException {
        environment.put("MVN_FAILS", "1");

        var failed = run("serve");
        environment.remove("MVN_FAILS");
        var mended = run("serve");

        assertThat(failed.code).isEqualTo(1);
        assertThat(failed.out).isEmpty();
        assertThat(failed.err).contains("ERROR in A.java", "the build failed");
        assertThat(mended.code).isZero();
        assertThat(mended.out).contains("<serve>");
    }

    @Test
    void testRunsMavenVisiblyAndGivesItsExitCode() throws IOException, InterruptedException {
        assertThat(run("test").code).isZero();
        assertThat(run("test", "-pl", "engine").code).isZero();
        assertThat(mavenCalls().get(0)).endsWith(": -B -ntp package");
        assertThat(mavenCalls().get(1)).endsWith(": -B -ntp test -pl engine");
        assertThat(run("x").err).as("what was tested is built").isEmpty();

        environment.put("MVN_FAILS", "1");
        var failed = run("test");
        assertThat(failed.code).isEqualTo(1);
        assertThat(failed.out).contains("ERROR in A.java");
    }

    @Test
    void buildAndTestHaveHelpWithoutMaven() throws IOException, InterruptedException {
        Files.delete(at("bin/mvn"));

        assertThat(run("build", "--help").out).startsWith("Usage: apprentice build");
        assertThat(run("test", "-h").out).startsWith("Usage: apprentice test");
        assertThat(run("build").code).isEqualTo(1);
    }

    @Test
    void twoBuildsDoNotMeet() throws IOException, InterruptedException {
        var lock = at("root/target/build.lock");
        Files.createDirectories(Objects.requireNonNull(lock.getParent()));
        Files.createSymbolicLink(
                lock, Path.of(Long.toString(ProcessHandle.current().pid())));

        var process = start("root/apprentice", "x");
        var said = process.errorReader(StandardCharsets.UTF_8).readLine();
        assertThat(said)
                .contains("waiting for another build (process "
                        + ProcessHandle.current().pid());
        assertThat(mavenCalls()).isEmpty();
        Files.delete(lock);

        assertThat(end(process).code).isZero();
        assertThat(mavenCalls()).hasSize(1);
        assertThat(lock).matches(path -> !Files.isSymbolicLink(path));
    }

    @Test
    void aLockWhoseOwnerDiedHoldsNobodyUp() throws IOException, InterruptedException {
        var lock = at("root/target/build.lock");
        Files.createDirectories(Objects.requireNonNull(lock.getParent()));
        var dead = new ProcessBuilder(tool("sh").toString(), "-c", "exit 0").start();
        assertThat(dead.waitFor()).isZero();
        Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));

        var run = run("x");

        assertThat(run.code).isZero();
        assertThat(run.err).doesNotContain("waiting");
    }

    @Test
    void aLinkToTheLauncherFindsItsHouse() throws IOException, InterruptedException {
        Files.createDirectories(at("elsewhere"));
        Files.createSymbolicLink(at("elsewhere/apprentice"), Path.of("../root/apprentice"));

        var run = end(start("elsewhere/apprentice", "x"));

        assertThat(run.code).isZero();
        assertThat(run.out).contains("root " + at("root").toRealPath());
    }
}
