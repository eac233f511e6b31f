package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.EngineSettings.LearningDtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void theDefaultsAreWhole() {
        var settings = read("", Map.of(), Map.of());
        assertThat(settings.model()).isEqualTo("smollm2-135m");
        assertThat(settings.listen().host()).isEqualTo("127.0.0.1");
        assertThat(settings.listen().port()).isEqualTo(8080);
        assertThat(settings.data()).isEqualTo(settings.home().resolve("data"));
        assertThat(settings.engine().threads()).isBetween(1, 8);
        assertThat(settings.engine().of(folder).learning()).isEqualTo(LearningDtype.AUTO);
    }

    @Test
    void studiesMayMultiplyInBf16() {
        var settings = read("engine: {learning_dtype: bf16}", Map.of(), Map.of());
        assertThat(settings.engine().of(folder).learning()).isEqualTo(LearningDtype.BF16);
    }

    @Test
    void aFlagWeighsMoreThanAVariableAndThatMoreThanAFile() {
        var file = "listen: {port: 1, grace_ms: 5, comment_every_ms: 700}";
        var environment = Map.of("APPRENTICE_LISTEN_PORT", "2", "APPRENTICE_LISTEN_GRACE_MS", "6");
        var listen = read(file, environment, Map.of("listen.port", "3")).listen();
        assertThat(listen.port()).isEqualTo(3);
        assertThat(listen.grace()).isEqualTo(Duration.ofMillis(6));
        assertThat(listen.commentEvery()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void dataFollowsHome() {
        var settings = read("", Map.of("APPRENTICE_HOME", folder.toString()), Map.of());
        assertThat(settings.data()).isEqualTo(folder.resolve("data"));
    }

    @Test
    void allFaultsAreNamedAtOnceWithTheirOrigin() {
        assertThatThrownBy(() -> read(
                        "listen: {port: many, hots: x}\nengine: {dtype: fp64}",
                        Map.of("APPRENTICE_ENGINE_MAX_ROWS", "0"),
                        Map.of("engine.device", "gpu")))
                .isInstanceOfSatisfying(
                        BadSettingsException.class,
                        e -> assertThat(e.faults())
                                .satisfiesExactlyInAnyOrder(
                                        f -> assertThat(f).contains("no setting listen.hots", "apprentice.yaml"),
                                        f -> assertThat(f)
                                                .contains("listen.port", "0 to 65535", "'many'", "apprentice.yaml"),
                                        f -> assertThat(f).contains("engine.dtype", "auto, fp32, bf16, int8", "'fp64'"),
                                        f -> assertThat(f)
                                                .contains("engine.max_rows", "'0'", "APPRENTICE_ENGINE_MAX_ROWS"),
                                        f -> assertThat(f)
                                                .contains(
                                                        "engine.device", "auto, cpu, cuda, or cuda:N", "command line")))
                .hasMessageStartingWith("The configuration has 5 faults:\n  1. ");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "192.168.1.7", "example.org", "'::'"})
    void withoutKeysNothingButLoopbackIsListenedOn(String host) {
        assertThatThrownBy(() -> read("", Map.of(), Map.of("listen.host", host)))
                .hasMessageContaining("loopback only")
                .hasMessageContaining(host);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "localhost", "'::1'"})
    void everyFormOfLoopbackIsTaken(String host) {
        assertThat(read("", Map.of(), Map.of("listen.host", host)).listen().host())
                .isEqualTo(host);
    }

    @Test
    void hostsAndOriginsAreListsInEveryLayer() {
        var file = read("listen: {origins: ['https://a.example', 'https://b.example:8443']}", Map.of(), Map.of());
        assertThat(file.listen().edge().origins())
                .containsExactlyInAnyOrder("https://a.example", "https://b.example:8443");
        var variable = read("", Map.of("APPRENTICE_LISTEN_HOSTS", "api.example, [::1],localhost"), Map.of());
        assertThat(variable.listen().edge().hosts()).containsExactlyInAnyOrder("api.example", "[::1]", "localhost");
        assertThat(read("", Map.of(), Map.of()).listen().edge().origins()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "listen.origins,app.example,origins such as",
        "listen.origins,https://app.example/path,origins such as",
        "listen.hosts,api.example:80,host names without a port",
        "listen.tls.certificate,/nowhere/at/all,a file that can be read",
        "listen.connections_max,0,1 to 1000000",
        "listen.write_timeout_ms,1,100 to"
    })
    void whatTheEdgeIsToldWronglyIsAFault(String name, String value, String expected) {
        assertThatThrownBy(() -> read("", Map.of(), Map.of(name, value)))
                .hasMessageContaining(name + " must be")
                .hasMessageContaining(expected);
    }

    @Test
    void aFileThatIsNoYamlIsAFaultWithItsPlace() {
        assertThatThrownBy(() -> read("listen: {port: 1", Map.of(), Map.of()))
                .hasMessageContaining("not valid YAML at line");
        assertThatThrownBy(() -> read("model: a\nmodel: b", Map.of(), Map.of())).hasMessageContaining("not valid YAML");
    }

    @Test
    void aFileThatIsNotThereIsAFault() {
        var absent = folder.resolve("absent.yaml");
        assertThatThrownBy(() -> Settings.read(absent, Map.of(), Map.of()))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("absent.yaml cannot be read");
    }

    private Settings read(String yaml, Map<String, String> environment, Map<String, String> flags) {
        try {
            var file = Files.writeString(folder.resolve("apprentice.yaml"), yaml);
            return Settings.read(file, environment, flags);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
