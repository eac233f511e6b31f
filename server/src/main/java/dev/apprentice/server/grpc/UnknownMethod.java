package dev.apprentice.server.grpc;

import io.grpc.Status;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import io.helidon.http.http2.FlowControl;
import io.helidon.http.http2.Http2Flag.HeaderFlags;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector.SubProtocolHandler;

/** Says {@code UNIMPLEMENTED}, as gRPC wants it where there is no such method; Helidon says {@code NOT_FOUND}. */
final class UnknownMethod implements SubProtocolHandler {
    private static final int END_OF_STREAM_AND_HEADERS = 5;

    private final Http2StreamWriter writer;
    private final int streamId;
    private Http2StreamState state;

    UnknownMethod(Http2StreamWriter writer, int streamId, Http2StreamState state) {
        this.writer = writer;
        this.streamId = streamId;
        this.state = state;
    }

    @Override
    public void init() {
        var headers = WritableHeaders.create();
        headers.set(HeaderNames.CONTENT_TYPE, "application/grpc");
        headers.set(HeaderNames.create("grpc-status"), Integer.toString(Status.Code.UNIMPLEMENTED.value()));
        headers.set(HeaderNames.create("grpc-message"), "there is no such method");
        var http2 = Http2Headers.create(headers);
        http2.status(io.helidon.http.Status.OK_200);
        writer.writeHeaders(http2, streamId, HeaderFlags.create(END_OF_STREAM_AND_HEADERS), FlowControl.Outbound.NOOP);
        state = state == Http2StreamState.HALF_CLOSED_REMOTE
                ? Http2StreamState.CLOSED
                : Http2StreamState.HALF_CLOSED_LOCAL;
    }

    @Override
    public Http2StreamState streamState() {
        return state;
    }

    @Override
    public void rstStream(Http2RstStream reset) {
        state = Http2StreamState.CLOSED;
    }

    @Override
    public void windowUpdate(Http2WindowUpdate update) {}

    /** Lets what still comes pass by. */
    @Override
    public void data(Http2FrameHeader header, BufferData data) {
        if (header.flags(Http2FrameTypes.DATA).endOfStream()) {
            state = Http2StreamState.CLOSED;
        }
    }
}
