package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The compose files fit the Compose specification, one another, the images and the files that they mount. */
@Timeout(300)
final class ComposeFilesTest {
    private static final Path DOCKER = Path.of("..", "docker");
    private static final List<String> FILES = List.of("compose.yaml", "compose.observability.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** On loopback alone: who opens it to others does so on purpose. */
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+):(\\d+)");

    private static final Pattern MOUNT = Pattern.compile("([a-z]+):(/[a-z/]+)");
    private static final Pattern IMAGE = Pattern.compile("apprentice|docker\\.io/[a-z-]+/[a-z-]+:v?\\d+\\.\\d+\\.\\d+");

    /** Both files as Compose merges them: what the second says is added to the first. */
    private JsonNode both;

    @BeforeEach
    void read() throws IOException {
        var merged = (ObjectNode) YAML.readTree(Files.readString(DOCKER.resolve(FILES.getFirst())));
        YAML.readerForUpdating(merged).readValue(Files.readString(DOCKER.resolve(FILES.getLast())));
        both = merged;
    }

    /** The schema comes with the package {@code check-jsonschema}; that it refuses something is tried as well. */
    @Tag("python")
    @Needs(Toolchain.PYTHON)
    @Test
    void theyFitTheSchemaOfTheSpecification(Toolchain.State.Ready python, @TempDir Path folder) throws IOException {
        for (var file : FILES) {
            var good = checked(python, DOCKER.resolve(file));
            assertThat(good.isGood()).as("%s: %s", file, good.output()).isTrue();
        }
        var text = Files.readString(DOCKER.resolve(FILES.getFirst()));
        for (var mistake : List.of(
                text.replace("read_only: true", "read_onyl: true"),
                text.replace("read_only: true", "read_only: [1]"),
                text.replace("cap_drop: [\"ALL\"]", "cap_drop: {ALL: 1}"))) {
            assertThat(mistake).isNotEqualTo(text);
            assertThat(checked(python, Files.writeString(folder.resolve("wrong.yaml"), mistake))
                            .exit())
                    .hasValue(1);
        }
    }

    private static Child checked(Toolchain.State.Ready python, Path file) {
        var program = Path.of(python.program()).resolveSibling("check-jsonschema");
        return Child.run(
                List.of(
                        program.toString(),
                        "--builtin-schema",
                        "vendor.compose-spec",
                        file.toAbsolutePath().toString()),
                python.scripts(),
                Map.of(),
                Duration.ofMinutes(2));
    }

    @Test
    void whatServicesNameIsDeclaredAndWhatIsDeclaredIsNamed() {
        var configs = new HashSet<String>();
        var secrets = new HashSet<String>();
        var volumes = new HashSet<String>();
        for (var service : both.get("services")) {
            service.path("configs")
                    .forEach(config -> configs.add(config.get("source").asText()));
            service.path("secrets").forEach(secret -> secrets.add(secret.asText()));
            service.path("volumes").forEach(mount -> {
                var found = MOUNT.matcher(mount.asText());
                assertThat(found.matches()).as(mount.asText()).isTrue();
                volumes.add(found.group(1));
            });
        }
        assertThat(configs).isEqualTo(names(both.get("configs")));
        assertThat(secrets).isEqualTo(names(both.get("secrets")));
        assertThat(volumes).isEqualTo(names(both.get("volumes")));
        both.get("configs")
                .forEach(config ->
                        assertThat(DOCKER.resolve(config.get("file").asText())).isRegularFile());
    }

    @Test
    void imagesHaveAVersionAndPortsAreOfThisMachineAlone() {
        var host = new ArrayList<String>();
        for (var service : both.get("services")) {
            assertThat(service.get("image").asText()).matches(IMAGE);
            service.path("ports").forEach(port -> {
                var found = PORT.matcher(port.asText());
                assertThat(found.matches()).as(port.asText()).isTrue();
                host.add(found.group(1));
            });
        }
        assertThat(host).contains("8080").doesNotHaveDuplicates();
    }

    @Test
    void theServiceFitsItsImageAndItsSettings(@TempDir Path data) throws IOException {
        var service = both.at("/services/apprentice");
        var build = service.get("build");
        var context = DOCKER.resolve(build.get("context").asText());
        var image = Files.readString(context.resolve(build.get("dockerfile").asText()));
        assertThat(image).contains("HEALTHCHECK ", "ENTRYPOINT [", "CMD " + service.get("command"));
        assertThat(image)
                .contains("\nVOLUME " + service.at("/volumes/0").asText().split(":", 2)[1] + "\n");
        var inside = service.at("/ports/0").asText().replaceFirst(".*:", "");
        assertThat(image).contains("\nEXPOSE " + inside + "\n");
        assertThat(Files.readString(DOCKER.resolve("healthcheck.sh"))).contains("APPRENTICE_LISTEN_PORT:-" + inside);
        var variables = names(service.get("environment"));
        var known = Settings.given(null, Map.of(), Map.of()).stream()
                .map(setting -> SettingsLayers.variable(setting.name()))
                .toList();
        assertThat(known).containsAll(variables);
        var environment = new HashMap<String, String>();
        service.get("environment")
                .properties()
                .forEach(it -> environment.put(it.getKey(), it.getValue().asText()));
        Keys.open(data, Seams.real()).create(new KeyDraft("first", Set.of(Scope.ASK), null, null, Limits.NONE));
        assertThat(Settings.read(null, environment, Map.of("data", data.toString()))
                        .listen()
                        .port())
                .as("and their values are good ones, once there is a key")
                .isEqualTo(Integer.parseInt(inside));
    }

    @Test
    void prometheusFindsItsRulesItsKeyAndTheServer() throws IOException {
        var mounted = mounted("prometheus");
        assertThat(both.at("/services/prometheus/command/0").asText())
                .isEqualTo("--config.file=" + target(mounted, "prometheus"));
        var config = observability("prometheus.yaml");
        assertThat(texts(config.get("rule_files"))).containsExactly(target(mounted, "alerts"));
        var scrape = config.at("/scrape_configs/0");
        var secret = both.at("/services/prometheus/secrets/0").asText();
        assertThat(scrape.at("/authorization/credentials_file").asText()).isEqualTo("/run/secrets/" + secret);
        assertThat(texts(scrape.at("/static_configs/0/targets")))
                .containsExactly("apprentice:"
                        + both.at("/services/apprentice/ports/0").asText().replaceFirst(".*:", ""));
    }

    @Test
    void theCollectorTakesAllThatTheServerSends() throws IOException {
        var mounted = mounted("collector");
        assertThat(both.at("/services/collector/command/0").asText())
                .isEqualTo("--config=" + target(mounted, "collector"));
        var config = observability("collector.yaml");
        var listens = config.at("/receivers/otlp/protocols/http/endpoint").asText();
        assertThat(both.at("/services/apprentice/environment/APPRENTICE_TELEMETRY_OTLP_ENDPOINT")
                        .asText())
                .isEqualTo("http://collector:" + listens.replaceFirst(".*:", ""));
        var pipelines = config.at("/service/pipelines");
        assertThat(names(pipelines)).contains("traces", "metrics");
        for (var pipeline : pipelines) {
            for (var part : List.of("receivers", "processors", "exporters")) {
                assertThat(names(config.get(part))).containsAll(texts(pipeline.get(part)));
            }
        }
    }

    @Test
    void grafanaFindsPrometheusAndItsDashboard() throws IOException {
        var mounted = mounted("grafana");
        var source = observability("datasource.yaml").at("/datasources/0");
        assertThat(source.get("url").asText())
                .isEqualTo("http://prometheus:"
                        + both.at("/services/prometheus/ports/0").asText().replaceFirst(".*:", ""));
        var folder =
                observability("dashboards.yaml").at("/providers/0/options/path").asText();
        assertThat(target(mounted, "dashboard")).startsWith(folder + "/").endsWith(".json");
        assertThat(target(mounted, "datasource")).startsWith("/etc/grafana/provisioning/datasources/");
        assertThat(target(mounted, "dashboards")).startsWith("/etc/grafana/provisioning/dashboards/");
        assertThat(observability("dashboard.json").findValuesAsText("uid"))
                .contains(source.get("uid").asText());
    }

    private JsonNode mounted(String service) {
        return both.at("/services/" + service + "/configs");
    }

    private static String target(JsonNode mounted, String source) {
        return StreamSupport.stream(mounted.spliterator(), false)
                .filter(it -> it.get("source").asText().equals(source))
                .map(it -> it.get("target").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + source + " in " + mounted));
    }

    private static JsonNode observability(String file) throws IOException {
        return YAML.readTree(Files.readString(DOCKER.resolve("observability").resolve(file)));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static Set<String> names(JsonNode tree) {
        var names = new HashSet<String>();
        tree.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
