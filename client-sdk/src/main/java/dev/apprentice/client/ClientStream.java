package dev.apprentice.client;

import dev.apprentice.client.transport.Source;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Things that the server sends one after another. It is read once, in one of three ways: {@code for}, {@link #stream}
 * or {@link #publisher}. What is not read is not fetched: a slow reader slows the server down. Close it, or the answer
 * goes on being made for nobody; closing from another thread is allowed.
 *
 * @param <T> what comes
 */
public final class ClientStream<T> implements Iterable<T>, AutoCloseable {
    private final Source<T> source;
    private final Executor executor;
    private final AtomicBoolean taken = new AtomicBoolean();

    ClientStream(Source<T> source, Executor executor) {
        this.source = source;
        this.executor = executor;
    }

    /** Waits in {@code hasNext}, whose errors are {@link dev.apprentice.client.error.ApprenticeException}. */
    @Override
    public Iterator<T> iterator() {
        take();
        return new Ahead<>(source);
    }

    /**
     * As a stream, in order; closing it closes this.
     *
     * @return a stream, to be closed
     */
    public Stream<T> stream() {
        var spliterator = Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(spliterator, false).onClose(this::close);
    }

    /**
     * As a publisher for one subscriber, which is given as much as it asks for and no more, on the client's executor.
     * Cancelling the subscription closes this.
     *
     * @return a publisher; a second subscriber is refused
     */
    public Flow.Publisher<T> publisher() {
        return subscriber -> {
            if (taken.compareAndSet(false, true)) {
                subscriber.onSubscribe(new Delivery<>(source, subscriber, executor));
            } else {
                Delivery.refuse(subscriber, alreadyTaken());
            }
        };
    }

    /** Tells the server to stop. */
    @Override
    public void close() {
        source.close();
    }

    private void take() {
        if (!taken.compareAndSet(false, true)) {
            throw alreadyTaken();
        }
    }

    private static IllegalStateException alreadyTaken() {
        return new IllegalStateException("a stream is read once, and this one has its reader already");
    }

    private static final class Ahead<T> implements Iterator<T> {
        private final Source<T> source;
        private @Nullable T ahead;
        private boolean over;

        Ahead(Source<T> source) {
            this.source = source;
        }

        @Override
        public boolean hasNext() {
            if (ahead == null && !over) {
                ahead = source.next();
                over = ahead == null;
            }
            return !over;
        }

        @Override
        public T next() {
            if (!hasNext() || ahead == null) {
                throw new NoSuchElementException();
            }
            var next = ahead;
            ahead = null;
            return next;
        }
    }
}
