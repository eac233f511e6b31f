package dev.apprentice.client.grpc;

import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Source;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a streaming method sends, pulled: one message is asked for when the one before was taken, so that HTTP/2's flow
 * control reaches the server. The queue never holds more than one message and the end.
 */
final class GrpcSource<R, M, T> implements Source<T> {
    private record Signal<M>(
            @Nullable M message,
            @Nullable Status end,
            @Nullable Metadata trailers) {}

    private final LinkedBlockingQueue<Signal<M>> signals = new LinkedBlockingQueue<>();
    private final ClientCall<R, M> call;
    private final Function<M, T> read;
    private final Deadline deadline;
    private @Nullable T ahead;
    private volatile boolean closed;
    private boolean over;

    GrpcSource(
            Channel channel,
            MethodDescriptor<R, M> method,
            CallOptions options,
            R request,
            Function<M, T> read,
            Deadline deadline) {
        this.call = channel.newCall(method, options);
        this.read = read;
        this.deadline = deadline;
        call.start(new Listener(), new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
    }

    /** Waits for the first message, so that a refusal comes before anything has been read. */
    GrpcSource<R, M, T> opened() {
        ahead = next();
        return this;
    }

    @Override
    public @Nullable T next() {
        var before = ahead;
        if (before != null) {
            ahead = null;
            return before;
        }
        if (over) {
            return null;
        }
        var signal = take();
        var message = signal.message();
        if (message != null) {
            call.request(1);
            return read(message);
        }
        over = true;
        var end = signal.end();
        if (end == null || end.isOk()) {
            return null;
        }
        throw closed
                ? new CancelledException("the stream was closed before its end")
                : GrpcErrors.of(end, signal.trailers(), deadline);
    }

    private T read(M message) {
        try {
            return read.apply(message);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Signal<M> take() {
        try {
            return signals.take(); // the deadline ends the call, and this wait with it
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while the stream was read", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        call.cancel("closed by its reader", null);
    }

    private final class Listener extends ClientCall.Listener<M> {
        @Override
        public void onMessage(M message) {
            signals.add(new Signal<>(message, null, null));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            signals.add(new Signal<>(null, status, trailers));
        }
    }
}
