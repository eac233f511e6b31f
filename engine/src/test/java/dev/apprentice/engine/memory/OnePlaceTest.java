package dev.apprentice.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.apprentice.engine.Placement.Cuda;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing native is made anywhere but on the one device of an engine. {@code src/test/reference/devices.py} runs the
 * programs on pretended CUDA tensors besides.
 */
class OnePlaceTest {
    private static final Path MAIN = Path.of("src/main");

    /** An operation of TorchScript that makes a tensor of nothing, up to the end of its call. */
    private static final Pattern FACTORY = Pattern.compile(
            "torch\\.(?:zeros|ones|empty|full|arange|rand|randn|randint|tensor|eye|linspace|scalar_tensor)\\("
                    + "(?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\)");

    @Test
    void allScopesAreOnTheDeviceOfTheirMemory() {
        try (var memory = NativeMemory.in(new Cuda(3));
                var scope = memory.open()) {
            assertThat(scope.manager().getDevice()).isEqualTo(Device.gpu(3));
        }
        try (var memory = NativeMemory.cpu();
                var scope = memory.open()) {
            assertThat(scope.manager().getDevice()).isEqualTo(Device.cpu());
            assertThat(scope.floats(new float[] {1}, 1).getDevice()).isEqualTo(Device.cpu());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"decoder.py", "serving.py", "training.py"})
    void programsMakeTensorsWhereTheirInputsAre(String program) throws IOException {
        var text = Files.readString(
                MAIN.resolve("resources/dev/apprentice/engine/decoder").resolve(program));
        var made = FACTORY.matcher(text).results().map(match -> match.group()).toList();

        assertThat(made).isNotEmpty().allSatisfy(call -> assertThat(call).contains("device=ops.prim.device("));
        assertThat(text).doesNotContain("\"cpu\"", "\"cuda\"", ".cpu(", ".cuda(");
    }

    /** Who names a device could open memory on another one. */
    @Test
    void onlyThisRoomNamesDevices() throws IOException {
        var naming =
                Pattern.compile("ai\\.djl\\.Device|newBaseManager|NDManager\\.new|\\btoDevice\\(|Device\\.(cpu|gpu)");
        try (var files = Files.walk(MAIN.resolve("java"))) {
            var found = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> naming.matcher(text(file)).find())
                    .map(file -> file.getFileName().toString())
                    .toList();
            assertThat(found).containsExactlyInAnyOrderElementsOf(List.of("NativeMemory.java", "Scope.java"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
