package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.server.http.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and client certificates, with certificates made on the spot. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsServerTest {
    private Path folder;
    private TestCertificate server;
    private TestCertificate client;
    private TestCertificate stranger;

    @BeforeAll
    void make(@TempDir Path folder) throws Exception {
        this.folder = folder;
        server = TestCertificate.make(folder, "server");
        client = TestCertificate.make(folder, "client");
        stranger = TestCertificate.make(folder, "stranger");
    }

    @Test
    void requestsAndStreamsComeOverTls() throws Exception {
        try (var open = open(Map.of())) {
            var context = TestCertificate.anonymous(server);
            assertThat(get(open, context).body()).isEqualTo("{\"id\":\"1\"}");
            try (var socket = socket(open, context, "TLSv1.3")) {
                send(socket, "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(until(socket, "data: {\"n\":1}")).contains("text/event-stream");
                open.release.countDown();
                until(socket, "data: {\"n\":2}");
            }
        }
    }

    @Test
    void aClientThatGoesAwayOverTlsInterruptsItsRequest() throws Exception {
        try (var open = open(Map.of())) {
            try (var socket = socket(open, TestCertificate.anonymous(server), "TLSv1.3")) {
                send(socket, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
                open.entered.await();
            }
            assertThat(open.causes.poll(10, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
        }
    }

    @Test
    void aStreamThatNobodyReadsIsGivenUpOverTlsToo() throws Exception {
        try (var open = open(Map.of("listen.write_timeout_ms", "300"));
                var socket = socket(open, TestCertificate.anonymous(server), "TLSv1.3")) {
            send(socket, "GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
            open.entered.await();
            assertThat(open.causes.poll(30, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
        }
    }

    @Test
    void aHandshakeThatDoesNotGoOnIsGivenUp() throws Exception {
        try (var open = open(Map.of("listen.read_timeout_ms", "400", "listen.head_timeout_ms", "400"));
                var silent = new Socket(InetAddress.getLoopbackAddress(), open.listener.port());
                var half = new Socket(InetAddress.getLoopbackAddress(), open.listener.port())) {
            silent.setSoTimeout(20_000);
            half.setSoTimeout(20_000);
            half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0}); // the beginning of a ClientHello
            assertThat(rest(silent)).isEmpty();
            assertThat(rest(half)).doesNotContain("HTTP");
        }
    }

    @Test
    void http1IsAgreedOnByName() throws Exception {
        try (var open = open(Map.of());
                var socket = unconnected(open, TestCertificate.anonymous(server))) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            send(socket, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(until(socket, "}")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void plainHttpOldTlsAndUnknownServersAreRefused() throws Exception {
        try (var open = open(Map.of())) {
            try (var plain = new Socket(InetAddress.getLoopbackAddress(), open.listener.port())) {
                plain.setSoTimeout(20_000);
                send(plain, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(rest(plain)).doesNotContain("HTTP/1.1 200", "\"id\"");
            }
            var context = TestCertificate.anonymous(stranger);
            assertThatThrownBy(() -> get(open, context)).isInstanceOf(IOException.class);
            var known = TestCertificate.anonymous(server);
            assertThatThrownBy(() -> socket(open, known, "TLSv1.1").startHandshake())
                    .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
        }
    }

    @Test
    void withAClientCaOnlyItsClientsAreServed() throws Exception {
        try (var open = open(Map.of("listen.tls.client_ca", client.chain().toString()))) {
            assertThat(get(open, client.trusting(server)).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> get(open, stranger.trusting(server))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(open, TestCertificate.anonymous(server)))
                    .isInstanceOf(IOException.class);
            assertThat(get(open, client.trusting(server)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreToldInWords() throws Exception {
        var nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nothing");
        assertThatThrownBy(() -> open(Map.of("listen.tls.key", nonsense.toString())))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("listen.tls");
        assertThatThrownBy(() -> open(Map.of("listen.tls.key", "/nowhere/at/all")))
                .isInstanceOf(BadSettingsException.class)
                .hasMessageContaining("listen.tls.key must be a file that can be read");
        assertThatThrownBy(() ->
                        OpenPort.settings(Map.of("listen.tls.key", server.key().toString())))
                .hasMessageContaining("listen.tls.certificate must be a file");
    }

    private OpenPort open(Map<String, String> flags) {
        var all = new java.util.HashMap<>(Map.of(
                "listen.tls.certificate", server.chain().toString(),
                "listen.tls.key", server.key().toString()));
        all.putAll(flags);
        return new OpenPort(all);
    }

    private static HttpResponse<String> get(OpenPort open, SSLContext context) throws Exception {
        try (var http = HttpClient.newBuilder().sslContext(context).build()) {
            var uri = URI.create("https://localhost:" + open.listener.port() + "/things/1");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    private static SSLSocket socket(OpenPort open, SSLContext context, String protocol) throws IOException {
        var socket = unconnected(open, context);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private static SSLSocket unconnected(OpenPort open, SSLContext context) throws IOException {
        var socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), open.listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String until(Socket socket, String wanted) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(wanted) < 0) {
            var next = socket.getInputStream().read();
            assertThat(next).as("ended before '%s': %s", wanted, seen).isNotNegative();
            seen.append((char) next);
        }
        return seen.toString();
    }

    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return "reset";
        }
    }
}
