package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.server.http.Watch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow on purpose, byte by byte, on raw sockets: each is cut off, and nobody else suffers. */
@Timeout(60)
final class SlowClientsServerTest {
    private static final long MS = 1_000_000;

    private final OpenPort open = new OpenPort(Map.of(
            "listen.read_timeout_ms", "1500",
            "listen.head_timeout_ms", "500",
            "listen.body_bytes_per_second_min", "1000",
            "listen.write_timeout_ms", "300"));

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void aHeadThatDripsInIsCutOffThoughItIsNeverSilent() throws Exception {
        try (var socket = socket()) {
            send(socket, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(secondsUntilCutOff(socket, "X-A: b\r\n", 50)).isLessThan(15);
        }
    }

    @Test
    void aBodyThatDripsInIsCutOffThoughItIsNeverSilent() throws Exception {
        try (var socket = socket()) {
            send(socket, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n{\"say\":\"");
            assertThat(secondsUntilCutOff(socket, "x", 50)).isLessThan(15);
        }
    }

    @Test
    void aChunkedBodyThatDripsInIsCutOffToo() throws Exception {
        try (var socket = socket()) {
            send(socket, "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(secondsUntilCutOff(socket, "1\r\nx\r\n", 50)).isLessThan(15);
        }
    }

    @Test
    void aBodyThatComesSlowlyButFastEnoughIsTaken() throws Exception {
        try (var socket = socket()) {
            var body = "{\"say\":\"" + "x".repeat(3990) + "\"}"; // four seconds' worth at the least speed
            send(
                    socket,
                    "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body.length()
                            + "\r\n\r\n");
            for (var from = 0; from < body.length(); from += 500) {
                LockSupport.parkNanos(150 * MS); // longer than the grace of half a second in all
                send(socket, body.substring(from, from + 500));
            }
            assertThat(text(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        try (var fresh = socket();
                var used = socket()) {
            send(used, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(text(used.getInputStream())).startsWith("HTTP/1.1 200");
            assertThat(text(fresh.getInputStream())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r", "POS"})
    void aConnectionThatDoesNotSayWhatItSpeaksIsClosed(String begun) throws Exception {
        try (var socket = socket()) {
            send(socket, begun);
            assertThat(textOrReset(socket)).isIn("", "reset");
        }
    }

    @Test
    void aPrefaceThatDripsInIsCutOffThoughItIsNeverSilent() throws Exception {
        try (var socket = socket()) {
            for (var letter : "PRI * HT".split("", -1)) {
                send(socket, letter);
                LockSupport.parkNanos(20 * MS);
            }
            assertThat(textOrReset(socket)).isIn("", "reset");
        }
    }

    @Test
    void aStreamThatNobodyReadsIsGivenUp() throws Exception {
        try (var socket = socket()) {
            send(socket, "GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
            open.entered.await();
            assertThat(open.causes.poll(20, TimeUnit.SECONDS)).isEqualTo(Watch.Cause.CLIENT_GONE);
        }
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() throws Exception {
        try (var socket = socket()) {
            send(socket, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n");
            try {
                for (var i = 0; i < 2000; i++) {
                    send(socket, "X-" + i + ": " + "y".repeat(100) + "\r\n");
                }
                send(socket, "\r\n");
            } catch (SocketException e) {
                assertThat(e).as("cut off while it was still sending").isNotNull();
            }
            assertThat(textOrReset(socket)).doesNotContain("200 OK");
        }
        assertThat(answer()).isEqualTo("{\"id\":\"1\"}");
    }

    @Test
    void twoThousandIdleConnectionsHinderNobody() throws Exception {
        var idle = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 2000; i++) {
                idle.add(socket());
                if (i % 2 == 0) {
                    send(idle.getLast(), "GET /th");
                }
            }
            assertThat(answer()).isEqualTo("{\"id\":\"1\"}");
            for (var socket : idle) {
                assertThat(textOrReset(socket)).doesNotContain("200 OK");
            }
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }

    /** RFC 9112 §9.6: a server that has said so closes; a client that waits for that is not kept waiting. */
    @Test
    void aConnectionIsClosedAfterWhatWasToBeItsLastRequest() throws Exception {
        try (var patient = new OpenPort(Map.of("listen.read_timeout_ms", "600000"));
                var socket = socket(patient)) {
            send(socket, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            send(socket, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(text(socket.getInputStream()))
                    .containsOnlyOnce("Connection: close")
                    .endsWith("{\"id\":\"1\"}");
        }
    }

    @Test
    void beyondTheLimitConnectionsWaitUntilOneCloses() throws Exception {
        try (var narrow = new OpenPort(Map.of("listen.connections_max", "2", "listen.head_timeout_ms", "400"));
                var first = socket(narrow);
                var second = socket(narrow);
                var third = socket(narrow)) {
            send(first, "GET /th");
            send(second, "GET /th");
            send(third, "GET /things/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(text(third.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    private double secondsUntilCutOff(Socket socket, String drip, int everyMs) throws IOException {
        var start = System.nanoTime();
        try {
            while (System.nanoTime() - start < 20_000 * MS) {
                send(socket, drip);
                LockSupport.parkNanos(everyMs * MS);
            }
        } catch (SocketException e) {
            assertThat(e).as("broken pipe or reset").isNotNull();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private String answer() throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(open.request("/things/1").build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private Socket socket() throws IOException {
        return socket(open);
    }

    private static Socket socket(OpenPort port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port.listener.port());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** What comes until the connection is closed. */
    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String textOrReset(Socket socket) throws IOException {
        try {
            return text(socket.getInputStream());
        } catch (SocketException e) {
            return "reset";
        }
    }
}
