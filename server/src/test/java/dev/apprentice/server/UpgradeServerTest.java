package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java's own client, which offers to go over to HTTP/2 on its first request: no body is lost (CASES C29). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class UpgradeServerTest {

    @ParameterizedTest
    @CsvSource({
        "HTTP_2, 2000, false",
        "HTTP_2, 70000, false",
        "HTTP_2, 1000000, false",
        "HTTP_2, 2000, true",
        "HTTP_2, 70000, true",
        "HTTP_2, 1000000, true",
        "HTTP_1_1, 1000000, false",
        "HTTP_1_1, 1000000, true"
    })
    void theFirstRequestsBodyComesWhole(HttpClient.Version version, int size, boolean stream, Apprentice apprentice)
            throws IOException, InterruptedException {
        // what is needed stands behind the padding, so that a body that was cut could not be answered
        var body = "{\"user\":\"" + "x".repeat(size) + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"}],\"max_tokens\":2,\"model\":\"base\"}";
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + apprentice.port() + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try (var fresh = HttpClient.newBuilder().version(version).build()) {
            var response = fresh.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.body()).contains("\"finish_reason\":\"length\"");
            assertThat(response.body().endsWith("data: [DONE]\n\n")).isEqualTo(stream);
        }
    }
}
