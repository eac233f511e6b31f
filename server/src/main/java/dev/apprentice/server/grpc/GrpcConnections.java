package dev.apprentice.server.grpc;

import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.RewiredConnection;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.grpc.GrpcConfig;
import io.helidon.webserver.grpc.GrpcProtocolSelector;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Takes up connections of HTTP/2 and knows the calls on each: when a connection ends, Helidon tells its streams nothing
 * until they write, so that a client that waits for a whole answer and goes away would keep its place in the batch.
 * Plain HTTP comes this way, too, from clients that want HTTP/2.
 */
final class GrpcConnections implements ServerConnectionSelector, Http2SubProtocolSelector {
    private static final String CONTENT_TYPE = "application/grpc";

    private final Http2ConnectionSelector inner;
    private final GrpcProtocolSelector grpc;
    private final int messageBytesMax;
    private final Duration patience;
    private final Predicate<String> isMethod;
    private final Presence presence;
    private final Map<ConnectionContext, Line> lines = new ConcurrentHashMap<>();

    /** What the streams of one connection share. */
    private record Line(Set<GrpcStream> streams, ReentrantLock window, ResetFilter resets) {}

    /**
     * Connections for gRPC.
     *
     * @param messageBytesMax largest message that is taken, unpacked
     * @param patience how long a client may read nothing of what is written to it
     * @param isMethod whether a path is one of a method
     * @param presence watches over those who speak plain HTTP
     */
    GrpcConnections(
            Http2Config config, int messageBytesMax, Duration patience, Predicate<String> isMethod, Presence presence) {
        // unpacking is done by the streams, which know a bomb; packing deltas of a few bytes makes them longer
        var own = GrpcConfig.builder()
                .maxReadBufferSize(messageBytesMax)
                .enableCompression(false)
                .build();
        this.grpc = GrpcProtocolSelector.create(own);
        this.messageBytesMax = messageBytesMax;
        this.patience = patience;
        this.isMethod = isMethod;
        this.presence = presence;
        this.inner = Http2ConnectionSelector.builder()
                .http2Config(config)
                .addSubProtocolSelector(this)
                .build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return inner.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return inner.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return inner.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var resets = new ResetFilter(context.dataReader());
        var filtered = new RewiredConnection(
                context, DataReader.create(resets), new EndsSeen(presence.shared(context.dataWriter()), resets));
        lines.put(filtered, new Line(ConcurrentHashMap.newKeySet(), new ReentrantLock(), resets));
        return new GrpcConnection(inner.connection(filtered), () -> {
            var left = lines.remove(filtered);
            if (left != null) {
                left.streams().forEach(GrpcStream::connectionGone);
                left.resets().end();
            }
        });
    }

    @Override
    public SubProtocolResult subProtocol(
            ConnectionContext context,
            HttpPrologue prologue,
            Http2Headers headers,
            Http2StreamWriter writer,
            int streamId,
            Http2Settings serverSettings,
            Http2Settings clientSettings,
            StreamFlowControl flowControl,
            Http2StreamState state,
            Router router) {
        var isGrpc = Method.POST.equals(prologue.method())
                && headers.httpHeaders()
                        .first(HeaderNames.CONTENT_TYPE)
                        .orElse("")
                        .startsWith(CONTENT_TYPE);
        if (!isGrpc) {
            plain(context, streamId);
            return NOT_SUPPORTED;
        }
        if (!isMethod.test(prologue.uriPath().rawPath())) {
            return new SubProtocolResult(true, new UnknownMethod(writer, streamId, state));
        }
        var line = lines.get(context);
        if (line == null) { // the connection has ended meanwhile, and nobody hears an answer
            return new SubProtocolResult(true, new UnknownMethod(writer, streamId, state));
        }
        var patient = new PatientWriter(writer, line.window(), patience);
        var found = grpc.subProtocol(
                context,
                prologue,
                headers,
                patient,
                streamId,
                serverSettings,
                clientSettings,
                flowControl,
                state,
                router);
        var handler = found.subProtocol();
        if (!found.supported() || handler == null) {
            return NOT_SUPPORTED;
        }
        var messages = new Messages(Messages.encoding(headers.httpHeaders()), messageBytesMax);
        var stream = new GrpcStream(handler, patient, messages, streamId, over -> {
            line.resets().isOver(streamId);
            line.streams().remove(over);
        });
        line.streams().add(stream);
        if (!lines.containsKey(context)) { // it has ended meanwhile
            stream.connectionGone();
        }
        return new SubProtocolResult(true, stream);
    }

    /** Plain HTTP goes on to the doors on this thread, which belongs to the stream. */
    private void plain(ConnectionContext context, int streamId) {
        var line = lines.get(context);
        if (line != null) { // else the connection has ended meanwhile
            line.resets().plain(streamId);
            presence.serve(new StreamDepartures(line.resets(), streamId));
        }
    }
}
