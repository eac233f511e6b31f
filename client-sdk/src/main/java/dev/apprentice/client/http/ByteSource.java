package dev.apprentice.client.http;

import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.transport.Deadline;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one body, pulled. {@code HttpClient} is asked for its next buffers only when the last ones have been
 * read, so that a slow reader fills the socket, then the server's, and nothing of ours.
 * {@code BodySubscribers.ofInputStream} does the same but cannot wait with a time limit, and a body that comes a byte
 * at a time would go on for ever.
 */
final class ByteSource implements BodySubscriber<ByteSource>, AutoCloseable {
    /** What {@code HttpClient} says: buffers, the end, an error, or that the reader has left. */
    private record Signal(
            List<ByteBuffer> buffers, boolean end, @Nullable Throwable error) {}

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> unread = new ArrayDeque<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private volatile boolean closed;
    private boolean ended;

    @Override
    public CompletionStage<ByteSource> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (closed || !this.subscription.complete(subscription)) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal(buffers, false, null));
    }

    @Override
    public void onError(Throwable error) {
        signals.add(new Signal(List.of(), true, error));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal(List.of(), true, null));
    }

    /**
     * Waits for more.
     *
     * @return bytes, at least one, or null at the end
     */
    @Nullable
    ByteBuffer next(Deadline deadline) {
        while (true) {
            if (closed) {
                throw new CancelledException("the body was closed before its end");
            }
            var buffer = unread.poll();
            if (buffer == null) {
                if (ended) {
                    return null;
                }
                take(deadline);
            } else if (buffer.hasRemaining()) {
                return buffer;
            } else if (unread.isEmpty() && !ended) {
                ask();
            }
        }
    }

    private void ask() {
        var unused = subscription.thenAccept(known -> known.request(1));
    }

    private void take(Deadline deadline) {
        var signal = poll(deadline);
        if (signal == null) {
            close();
            throw deadline.exception();
        }
        if (signal.error() != null) {
            if (closed) { // by us, and the client tells of that as of a fault
                return; // to where closing is noticed
            }
            close();
            throw ConnectionException.broken("the connection broke before the answer was whole", signal.error());
        }
        ended = signal.end();
        unread.addAll(signal.buffers());
        unread.add(ByteBuffer.allocate(0)); // reading past this one asks for more
    }

    private @Nullable Signal poll(Deadline deadline) {
        try {
            return signals.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new CancelledException("interrupted while the answer came", e);
        }
    }

    /** Lets the connection go, and whoever waits here come back. */
    @Override
    public void close() {
        closed = true;
        var unused = subscription.thenAccept(Flow.Subscription::cancel);
        signals.add(new Signal(List.of(), false, null));
    }
}
