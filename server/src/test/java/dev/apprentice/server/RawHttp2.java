package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A connection of HTTP/2 with prior knowledge, frame by frame, for what no client library would send. */
final class RawHttp2 implements AutoCloseable {
    static final int END_OF_STREAM = 1;

    private static final int END_OF_HEADERS = 4;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final short INITIAL_WINDOW_SIZE = 4;
    private static final int FRAME_MAX = 16_000;

    /** So large that no answer here waits for more of it. */
    private static final int WINDOW = 1 << 30;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private int stream = -1;

    RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort(INITIAL_WINDOW_SIZE)
                        .putInt(WINDOW)
                        .array());
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(WINDOW).array());
    }

    /** Begins a request. */
    RawHttp2 headers(int flags, String method, String path, String... others) throws IOException {
        stream += 2;
        var headers = new DefaultHttp2Headers()
                .method(method)
                .scheme("http")
                .path(path)
                .authority("localhost");
        for (var i = 0; i < others.length; i += 2) {
            headers.add(others[i], others[i + 1]);
        }
        frame(HEADERS, END_OF_HEADERS | flags, stream, encoded(headers));
        return this;
    }

    /** More of its body, in frames of a size that every server takes. */
    RawHttp2 data(int flags, byte[] body) throws IOException {
        var at = 0;
        do {
            var length = Math.min(FRAME_MAX, body.length - at);
            var part = java.util.Arrays.copyOfRange(body, at, at + length);
            at += length;
            frame(DATA, at == body.length ? flags : 0, stream, part);
        } while (at < body.length);
        return this;
    }

    /** Whatever bytes. */
    RawHttp2 bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** The headers and trailers of the answer to the last request, once its end has come. */
    Map<String, String> answer() throws IOException {
        var headers = new TreeMap<String, String>();
        while (true) {
            var length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            var type = in.readUnsignedByte();
            var flags = in.readUnsignedByte();
            var id = in.readInt();
            var payload = in.readNBytes(length);
            if (type == GO_AWAY) {
                headers.put("go-away", payload[7] + " " + new String(payload, StandardCharsets.UTF_8));
                return headers;
            } else if (type == HEADERS) {
                decoded(headers, id, payload);
            }
            if (id == stream && (type == HEADERS || type == DATA) && (flags & END_OF_STREAM) != 0) {
                return headers;
            }
        }
    }

    /** Waits until the server answers a ping, or gives up the connection. */
    void awaitPong() throws IOException {
        int type;
        do {
            var length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            type = in.readUnsignedByte();
            in.skipNBytes(1 + 4 + length);
        } while (type != PING && type != GO_AWAY);
        assertThat(type).isEqualTo(PING);
    }

    /** Waits until the server ends the connection. */
    void awaitEnd() throws IOException {
        try {
            while (in.read() >= 0) {
                // what it says before is of no interest
            }
        } catch (EOFException e) {
            return; // which is the end, too
        }
    }

    private void decoded(Map<String, String> headers, int id, byte[] block) {
        try {
            decoder.decodeHeaders(id, Unpooled.wrappedBuffer(block))
                    .forEach(header -> headers.put(
                            header.getKey().toString(), header.getValue().toString()));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    private void frame(int type, int flags, int id, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length & 0xffff);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(id);
        out.write(payload);
        out.flush();
    }

    private byte[] encoded(Http2Headers headers) {
        var block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, headers, block);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return ByteBufUtil.getBytes(block);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
