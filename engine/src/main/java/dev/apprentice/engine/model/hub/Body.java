package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, taken piece by piece by one reader. The JDK's own input stream waits for ever on a peer that
 * has gone silent; here each piece has a deadline. At most one piece is under way at a time, so memory stays small.
 */
final class Body implements BodySubscriber<Body>, AutoCloseable {
    private sealed interface Signal {}

    private record Piece(List<ByteBuffer> buffers) implements Signal {}

    private record Broken(Throwable cause) implements Signal {}

    private record End() implements Signal {}

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    /** The next piece, or null at the end. A connection that broke, or stayed silent for {@code patience}, throws. */
    @Nullable
    List<ByteBuffer> next(Duration patience) throws IOException, InterruptedException {
        var signal = signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        return switch (signal) {
            case Piece piece -> {
                var source = subscription;
                if (source != null) {
                    source.request(1);
                }
                yield piece.buffers;
            }
            case Broken broken -> throw new IOException("the connection broke: " + broken.cause, broken.cause);
            case End end -> null;
            case null -> throw new HttpTimeoutException("nothing came for " + patience.toSeconds() + " s");
        };
    }

    @Override
    public CompletionStage<Body> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Broken(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new End());
    }

    /** Leaves the rest unread, which closes the connection unless all of it has come. */
    @Override
    public void close() {
        closed = true;
        var source = subscription;
        if (source != null) {
            source.cancel();
        }
    }
}
