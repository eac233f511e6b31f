package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What settings there are is said in one way everywhere. */
final class ConfigurationTest {
    @Test
    void thePageListsEverySettingWithItsDefault() throws IOException {
        var told = Files.readString(Path.of("..", "docs", "configuration.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", 4))
                .map(cells -> cells[1].strip() + " " + cells[2].strip())
                .toList();
        assertThat(told)
                .isEqualTo(Settings.given(null, Map.of(), Map.of()).stream()
                        .map(it -> "`" + it.name() + "` `" + Objects.requireNonNullElse(it.text(), "null") + "`")
                        .toList());
    }

    @Test
    void everyValueSaysWhereItComesFromAndSecretsStayHidden() {
        var environment = Map.of(
                "APPRENTICE_ENGINE_MAX_ROWS", "3",
                "OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2");
        var given = Settings.given(null, environment, Map.of("listen.port", "0"));
        assertThat(given)
                .contains(
                        new Settings.Given("listen.port", "0", "flag"),
                        new Settings.Given("engine.max_rows", "3", "environment APPRENTICE_ENGINE_MAX_ROWS"),
                        new Settings.Given("telemetry.otlp.headers", "***", "environment OTEL_EXPORTER_OTLP_HEADERS"),
                        new Settings.Given("log.format", "text", "default"));
        assertThat(given.toString()).doesNotContain("hunter2");
    }

    @Test
    void aMistypedNameIsGuessed() {
        assertThatThrownBy(() -> Settings.read(null, Map.of(), Map.of("listen.prot", "1")))
                .hasMessageContaining("did you mean listen.port?");
    }

    @Test
    void aFaultOfASecretDoesNotRepeatIt() {
        assertThatThrownBy(() -> Settings.read(null, Map.of(), Map.of("telemetry.otlp.headers", "hunter2")))
                .hasMessageContaining("telemetry.otlp.headers must be")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void sharesAddressesAndFormatsAreChecked() {
        assertThatThrownBy(() -> Settings.read(
                        null,
                        Map.of(),
                        Map.of("telemetry.sampling", "1.5", "telemetry.otlp.endpoint", "here", "log.format", "xml")))
                .hasMessageContaining("3 faults")
                .hasMessageContaining("a number from 0 to 1")
                .hasMessageContaining("one of text, json");
    }
}
