package dev.apprentice.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an application gets that depends on this module. */
final class PublishedTest {
    private static final int JAVA_17 = 61;

    @Test
    void everyClassRunsOnJava17AndKnowsNothingOfTheServer() throws IOException, URISyntaxException {
        var home = Path.of(ApprenticeClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Path> classes;
        try (var files = Files.walk(home)) {
            classes = files.filter(file -> file.toString().endsWith(".class")).toList();
        }
        assertThat(classes).hasSizeGreaterThan(100).allSatisfy(file -> {
            assertThat(version(file)).isEqualTo(JAVA_17);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain("dev/apprentice/server", "dev/apprentice/learner", "dev/apprentice/engine");
        });
    }

    private static int version(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(6); // the magic number and the minor version (JVMS §4.1)
            return in.readUnsignedShort();
        }
    }

    /** Each of these is one more thing that an application must keep apart from its own. */
    @Test
    void itBringsFewDependencies() throws IOException {
        var pom = Files.readString(Path.of("pom.xml"));
        var needed = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL)
                .matcher(pom)
                .results()
                .map(match -> match.group(1))
                .filter(dependency -> !dependency.contains("<scope>test</scope>"))
                .map(dependency -> dependency.replaceAll("(?s).*<artifactId>(.*?)</artifactId>.*", "$1"));
        assertThat(needed)
                .containsExactlyInAnyOrder(
                        "jackson-databind",
                        "protobuf-java",
                        "grpc-stub",
                        "grpc-protobuf",
                        "grpc-netty-shaded",
                        "opentelemetry-api");
    }
}
