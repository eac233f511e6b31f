package dev.apprentice.server;

import static dev.apprentice.server.RawHttp2.END_OF_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.server.security.Guard;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What comes over HTTP/2 and is no call: every one is answered, and the connection goes on for the next. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GrpcFramesServerTest {
    private static final String ASK = "/apprentice.v1.Agent/Ask";
    private static final byte[] GOOD = AskRequest.newBuilder()
            .addMessages(Message.newBuilder().setContent("Hi."))
            .build()
            .toByteArray();

    private final OpenPort open = new OpenPort(Map.of(), Guard.withoutKeys(), List.of(new StubAgent()));
    private RawHttp2 raw;

    @BeforeEach
    void connect() throws IOException {
        raw = new RawHttp2(open.listener.port());
    }

    @AfterEach
    void hangUp() throws IOException {
        raw.close();
    }

    @AfterAll
    void close() {
        open.close();
    }

    @Test
    void whatIsNoMessageIsRefusedByItsName() throws IOException {
        refused(Code.INVALID_ARGUMENT, "flag 7", framed(7, GOOD));
        refused(Code.INVALID_ARGUMENT, "does not say how", framed(1, gzip(GOOD)));
        refused(Code.INVALID_ARGUMENT, "middle of a message", new byte[] {0, 0, 0});
        refused(Code.INVALID_ARGUMENT, "middle of a message", prefix(0, 100));
        refused(Code.INVALID_ARGUMENT, "one message, found 0", new byte[0]);
        refused(Code.INVALID_ARGUMENT, "one message, found 2", joined(framed(0, GOOD), framed(0, GOOD)));
        refused(Code.INVALID_ARGUMENT, "not of this method's type", framed(0, new byte[] {10, 99, 1}));
        refused(Code.RESOURCE_EXHAUSTED, "at most", prefix(0, 33 << 20));
        refused(Code.RESOURCE_EXHAUSTED, "at most", prefix(0, -1));
        answered();
    }

    @Test
    void packedMessagesAreReadUpToTheirLimit() throws IOException {
        assertStatus(Code.OK, "", ask("gzip").data(END_OF_STREAM, framed(1, gzip(GOOD))));
        var long4 = AskRequest.newBuilder()
                .addMessages(Message.newBuilder().setContent(noise(200_000)))
                .build();
        assertStatus(Code.OK, "", ask("gzip").data(END_OF_STREAM, framed(1, gzip(long4.toByteArray()))));
        assertStatus(Code.INVALID_ARGUMENT, "gzip", ask("gzip").data(END_OF_STREAM, framed(1, GOOD)));
        assertStatus(
                Code.RESOURCE_EXHAUSTED,
                "at most",
                ask("gzip").data(END_OF_STREAM, framed(1, gzip(new byte[40 << 20]))));
        assertStatus(Code.UNIMPLEMENTED, "gzip", ask("br").data(END_OF_STREAM, framed(1, GOOD)));
        answered();
    }

    @Test
    void unknownMethodsAndWhatIsNoCallAreTold() throws IOException {
        for (var path : List.of("/apprentice.v1.Agent/Nothing", "/nobody.Knows/Ask", "/", "/a/b/c")) {
            assertStatus(
                    Code.UNIMPLEMENTED,
                    "no such method",
                    raw.headers(0, "POST", path, "content-type", "application/grpc")
                            .data(END_OF_STREAM, framed(0, GOOD)));
        }
        var wrongType = raw.headers(0, "POST", ASK, "content-type", "text/plain")
                .data(END_OF_STREAM, GOOD)
                .answer();
        assertThat(wrongType).doesNotContainKey("grpc-status");
        assertThat(wrongType.get(":status")).isIn("404", "415");
        var health = raw.headers(END_OF_STREAM, "GET", "/health/live").answer();
        assertThat(health).containsEntry(":status", "200");
        answered();
    }

    @Test
    void noiseEndsItsOwnConnectionAlone() throws IOException {
        try (var noisy = new RawHttp2(open.listener.port())) {
            noisy.bytes(noise(5000).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .awaitEnd();
        }
        answered();
    }

    private void refused(Code code, String said, byte[] body) throws IOException {
        assertStatus(code, said, ask("identity").data(END_OF_STREAM, body));
    }

    private void answered() throws IOException {
        assertStatus(Code.OK, "", ask("identity").data(END_OF_STREAM, framed(0, GOOD)));
    }

    private RawHttp2 ask(String encoding) throws IOException {
        return raw.headers(
                0, "POST", ASK, "content-type", "application/grpc", "grpc-encoding", encoding, "te", "trailers");
    }

    private static void assertStatus(Code code, String said, RawHttp2 request) throws IOException {
        var answer = request.answer();
        assertThat(answer)
                .as(said)
                .containsEntry(":status", "200")
                .containsEntry("grpc-status", Integer.toString(code.value()));
        assertThat(answer.getOrDefault("grpc-message", "")).contains(said);
    }

    private static byte[] framed(int flag, byte[] message) {
        return joined(prefix(flag, message.length), message);
    }

    private static byte[] prefix(int flag, int length) {
        return ByteBuffer.allocate(5).put((byte) flag).putInt(length).array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** Text that cannot be packed well. */
    private static String noise(int length) {
        var random = dev.apprentice.engine.Seams.random(11);
        return random.ints(length, '!', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
