package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in docker/ fit the server and one another. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class DockerServerTest {
    private static final Path DOCKER = Path.of("..", "docker");
    private static final Pattern METRIC = Pattern.compile("(apprentice|gen_ai)_[a-z_]+");
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Set<String> INSTRUCTIONS = Set.of(
            "FROM",
            "WORKDIR",
            "COPY",
            "ADD",
            "RUN",
            "ENV",
            "USER",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "ENTRYPOINT",
            "CMD");

    @ParameterizedTest
    @ValueSource(strings = {"dashboard.json", "alerts.yaml"})
    void everyMetricThatIsLookedAtIsExported(String file, Calls calls) throws IOException {
        calls.get("/health/ready"); // so that a request has been counted
        var exported = new HashSet<String>();
        for (var line : calls.raw("/metrics").body().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                var name = line.split(" ", 4)[2];
                exported.add(name);
                if (line.endsWith(" histogram")) {
                    exported.add(name + "_bucket");
                }
            }
        }
        var used = new TreeSet<String>();
        METRIC.matcher(Files.readString(DOCKER.resolve("observability").resolve(file)))
                .results()
                .forEach(found -> used.add(found.group()));
        assertThat(used).isNotEmpty();
        assertThat(exported).containsAll(used);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
    void imagesRunAsNobodyAndCopyWhatIsThere(String file) throws IOException {
        var lines = Files.readString(DOCKER.resolve(file))
                .replace("\\\n", " ")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        assertThat(lines).allSatisfy(line -> assertThat(INSTRUCTIONS).contains(line.split(" ", 2)[0]));
        assertThat(lines.getFirst()).startsWith("FROM ");
        assertThat(lines).contains("USER 10001:10001", "VOLUME /var/lib/apprentice");
        assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK "));
        assertThat(lines.indexOf("USER 10001:10001"))
                .as("nothing is installed as that user, and it is the last")
                .isGreaterThan(lastOf(lines, "RUN"));
        var copied = Pattern.compile("/src/(docker/\\S+|config)").matcher(String.join("\n", lines));
        assertThat(copied.results().map(found -> found.group(1)).toList())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of("..").resolve(path)).exists());
    }

    @Test
    void collectorAndPrometheusFilesAreYaml() throws IOException {
        try (var files = Files.list(DOCKER.resolve("observability"))) {
            for (var file : files.toList()) {
                assertThat(YAML.readTree(Files.readString(file)).isObject())
                        .as("%s", file)
                        .isTrue();
            }
        }
    }

    private static int lastOf(java.util.List<String> lines, String instruction) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith(instruction + " ")) {
                return i;
            }
        }
        return -1;
    }
}
