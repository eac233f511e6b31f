package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.apprentice.engine.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The description in OpenAPI is what the server does. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class OpenApiServerTest {
    /** Those that cannot be asked for in earnest, as they would shut other tests out; {@code Samples} says so. */
    private static final Set<String> REFUSED = Set.of("createKey", "revokeKey");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void itDescribesExactlyWhatIsServed(Apprentice apprentice, Calls calls) {
        assertThat(described(calls).operations())
                .extracting(Described.Operation::toString)
                .containsExactlyInAnyOrderElementsOf(apprentice.routes().all().stream()
                        .map(route -> route.toString().replace("{+id}", "{id}"))
                        .toList());
    }

    @Test
    void itIsThereInYamlToo(Calls calls) {
        var yaml = calls.raw("/openapi", "Accept", "application/yaml");
        assertThat(yaml.headers().firstValue("content-type")).contains("application/yaml");
        assertThat(yaml.body()).contains("openapi: 3.1.0");
    }

    @TestFactory
    Iterable<DynamicTest> aGoodRequestIsAnsweredAsDescribed(Apprentice apprentice, Calls calls) {
        var described = described(calls);
        var samples = new Samples(apprentice);
        return described.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(
                        operation.toString(), () -> answeredAsDescribed(apprentice, described, operation, samples)))
                .toList();
    }

    private void answeredAsDescribed(
            Apprentice apprentice, Described described, Described.Operation operation, Samples samples)
            throws IOException, InterruptedException {
        var sample = samples.of(operation);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apprentice.port() + sample.path()))
                .method(sample.method(), BodyPublishers.ofByteArray(sample.body()));
        if (sample.contentType() != null) {
            request.header("Content-Type", sample.contentType());
        }
        var response = http.send(request.build(), BodyHandlers.ofInputStream());
        try (var body = response.body()) {
            var type = response.headers().firstValue("content-type").orElse("");
            var endless = type.startsWith("text/event-stream");
            var json = type.contains("json")
                    ? Json.strict().readTree(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    : MissingNode.getInstance();
            assertThat(endless).isEqualTo(operation.id().equals("watchEvents"));
            described.holds(operation, response.statusCode(), type, json);
            var built = apprentice.routes().all().stream()
                    .filter(route -> route.toString().replace("{+id}", "{id}").equals(operation.toString()))
                    .allMatch(route -> route.built());
            assertThat(response.statusCode())
                    .as("%s %s", operation, json)
                    .matches(status -> !built
                            ? status == 501
                            : REFUSED.contains(operation.id()) ? status >= 400 && status < 500 : status < 300);
        }
    }

    private static Described described(Calls calls) {
        return new Described(calls.get("/openapi").body());
    }
}
