package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that come as gzip (C69). */
@Timeout(60)
final class PackedBodyServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenPort open = new OpenPort(Map.of());

    @AfterEach
    void close() {
        client.close();
        open.close();
    }

    @Test
    void aPackedBodyIsUnpacked() throws Exception {
        var body = gzip("{\"say\":\"grüß dich\"}".getBytes(StandardCharsets.UTF_8));
        for (var encoding : new String[] {"gzip", "GZIP", "x-gzip"}) {
            var response = post(BodyPublishers.ofByteArray(body), encoding);
            assertThat(response.body()).isEqualTo("{\"said\":\"grüß dich\"}");
        }
        var chunked = post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), "gzip");
        assertThat(chunked.statusCode()).isEqualTo(200);
    }

    @Test
    void identityIsNoEncoding() throws Exception {
        assertThat(post(BodyPublishers.ofString("{\"say\":\"hi\"}"), "identity").body())
                .isEqualTo("{\"said\":\"hi\"}");
    }

    @Test
    void aBombStopsAtTheLimitOfAnyOtherBody() throws Exception {
        var bomb = gzip(new byte[500_000_000]);
        assertThat(bomb.length).isLessThan(600_000);
        var response = post(BodyPublishers.ofByteArray(Arrays.copyOf(bomb, 90_000)), "gzip");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("body_too_large");
    }

    @Test
    void whatIsNoGzipOrIsCutOffIs400() throws Exception {
        var whole = gzip("{\"say\":\"hi\"}".getBytes(StandardCharsets.UTF_8));
        for (var body : new byte[][] {"{\"say\":1}".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, 15)}) {
            var response = post(BodyPublishers.ofByteArray(body), "gzip");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("unreadable_body").doesNotContain("Exception");
        }
    }

    private HttpResponse<String> post(BodyPublisher body, String encoding) throws Exception {
        var request = open.request("/echo")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", encoding)
                .POST(body);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
