package dev.apprentice.server.grpc;

import dev.apprentice.engine.ApprenticeException;
import io.grpc.Context;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Flag.DataFlags;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2RstStream;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2WindowUpdate;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector.SubProtocolHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one call, before Helidon's own handler: hands it whole messages only, refuses what is none, and tells
 * when the client has gone, be it by a reset or with its connection.
 */
final class GrpcStream implements SubProtocolHandler {
    /** The stream of the call that this thread begins. */
    static final Context.Key<GrpcStream> KEY = Context.key("stream");

    private static final int END_OF_STREAM = 1;

    private final SubProtocolHandler inner;
    private final PatientWriter writer;
    private final Messages messages;
    private final int streamId;
    private final Consumer<GrpcStream> over;
    private @Nullable Consumer<ApprenticeException> refusal;
    private @Nullable Runnable onGone;
    private @Nullable Thread waiting;
    private boolean gone;

    /**
     * A stream.
     *
     * @param over told when nothing more will come
     */
    GrpcStream(
            SubProtocolHandler inner,
            PatientWriter writer,
            Messages messages,
            int streamId,
            Consumer<GrpcStream> over) {
        this.inner = inner;
        this.writer = writer;
        this.messages = messages;
        this.streamId = streamId;
        this.over = over;
    }

    /** What writes to the client. */
    PatientWriter writer() {
        return writer;
    }

    /** Hands what cannot be read to {@code refusal}, which ends the call. */
    void refusing(Consumer<ApprenticeException> refusal) {
        this.refusal = refusal;
    }

    /** Runs {@code action} when the client has gone, at once if it has gone already. */
    void whenGone(Runnable action) {
        synchronized (this) {
            onGone = action;
            if (!gone) {
                return;
            }
        }
        action.run();
    }

    synchronized boolean isGone() {
        return gone;
    }

    @Override
    public void init() {
        Context.current().withValue(KEY, this).run(inner::init);
        orRefused(messages::checkEncoding);
        waits();
    }

    @Override
    public Http2StreamState streamState() {
        var state = isGone() ? Http2StreamState.CLOSED : inner.streamState();
        if (state == Http2StreamState.CLOSED) {
            over.accept(this);
        }
        return state;
    }

    @Override
    public void data(Http2FrameHeader header, BufferData data) {
        works();
        try {
            var last = header.flags(Http2FrameTypes.DATA).endOfStream();
            if (isOpen()) {
                orRefused(() -> read(data, last));
            }
            if (last) {
                pass(END_OF_STREAM, BufferData.empty());
            }
        } finally {
            waits();
        }
    }

    @Override
    public void rstStream(Http2RstStream reset) {
        writer.nobodyHears();
        gone();
        inner.rstStream(reset);
    }

    @Override
    public void windowUpdate(Http2WindowUpdate update) {
        inner.windowUpdate(update);
    }

    /** The connection has ended, and with it whatever waits for something from it. */
    void connectionGone() {
        rstStream(new Http2RstStream(Http2ErrorCode.CANCEL));
        synchronized (this) {
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    private void read(BufferData data, boolean last) {
        for (var message : messages.add(data)) {
            if (isOpen()) {
                pass(0, BufferData.create(message));
            }
        }
        if (last) {
            messages.end();
        }
    }

    private boolean isOpen() {
        return inner.streamState() == Http2StreamState.OPEN
                || inner.streamState() == Http2StreamState.HALF_CLOSED_REMOTE;
    }

    private void pass(int flags, BufferData data) {
        var header = Http2FrameHeader.create(data.available(), Http2FrameTypes.DATA, DataFlags.create(flags), streamId);
        inner.data(header, data);
    }

    private void orRefused(Runnable reading) {
        try {
            reading.run();
        } catch (ApprenticeException e) {
            var told = refusal;
            if (told == null) { // no call has begun here, and who began none was told so
                return;
            }
            told.accept(e);
        }
    }

    private void gone() {
        Runnable action;
        synchronized (this) {
            gone = true;
            action = onGone;
        }
        over.accept(this);
        if (action != null) {
            action.run();
        }
    }

    /** Helidon's thread goes back to wait for data, and may be interrupted there. */
    private synchronized void waits() {
        waiting = gone ? null : Thread.currentThread();
    }

    private synchronized void works() {
        waiting = null;
    }
}
