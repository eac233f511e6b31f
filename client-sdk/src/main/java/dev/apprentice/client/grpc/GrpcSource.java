package dev.apprentice.client.grpc;

import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.transport.Source;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    private final CountDownLatch begun = new CountDownLatch(1);
    private final ClientCall<R, M> call;
    private final Function<M, T> read;
    private final Deadline deadline;
    private @Nullable T ahead;
    private volatile boolean closed;
    private boolean over;
    private boolean told;

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

    /** Waits until the server says that it has begun, so that nothing which happens afterwards is missed. */
    GrpcSource<R, M, T> begun(Duration silenceMax) {
        try {
            if (!begun.await(silenceMax.toNanos(), TimeUnit.NANOSECONDS)) {
                close();
                throw ConnectionException.broken("nothing was heard for " + silenceMax.toMillis() + " ms", null);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        var first = signals.peek();
        return first != null && first.message() == null ? opened() : this; // it is over already
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
            told = true;
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
                : GrpcErrors.of(end, signal.trailers(), deadline, told);
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
            throw interrupted(e);
        }
    }

    private CancelledException interrupted(InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        return new CancelledException("interrupted while the stream was read", e);
    }

    @Override
    public void close() {
        closed = true;
        call.cancel("closed by its reader", null);
    }

    private final class Listener extends ClientCall.Listener<M> {
        @Override
        public void onHeaders(Metadata headers) {
            begun.countDown();
        }

        @Override
        public void onMessage(M message) {
            signals.add(new Signal<>(message, null, null));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            signals.add(new Signal<>(null, status, trailers));
            begun.countDown();
        }
    }
}
