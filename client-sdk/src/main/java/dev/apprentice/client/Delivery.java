package dev.apprentice.client;

import dev.apprentice.client.transport.Source;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings what a source has to one subscriber. {@code demand} counts what was asked for and not brought yet; whoever
 * raises it from 0 starts the one task that brings, and the task ends when it is 0 again, so that there is never more
 * than one and {@code onNext} is never called by two threads at once (Reactive Streams §1.3). A thread is held only
 * while something is asked for.
 */
final class Delivery<T> implements Flow.Subscription {
    private final Source<T> source;
    private final Flow.Subscriber<? super T> subscriber;
    private final Executor executor;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean cancelled;
    private volatile boolean illegal;

    Delivery(Source<T> source, Flow.Subscriber<? super T> subscriber, Executor executor) {
        this.source = source;
        this.subscriber = subscriber;
        this.executor = executor;
    }

    /** Says to a subscriber that comes too late that it gets nothing (§1.9: only after a subscription). */
    static void refuse(Flow.Subscriber<?> subscriber, Throwable reason) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(reason);
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            illegal = true; // §3.9: told by the one task that talks
        }
        long wanted = Math.max(n, 1);
        long before = demand.getAndUpdate(asked -> asked + wanted < 0 ? Long.MAX_VALUE : asked + wanted);
        if (before == 0) {
            executor.execute(this::bring);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        source.close();
    }

    private void bring() {
        try {
            do {
                if (illegal) {
                    throw new IllegalArgumentException("a subscriber must request at least 1 (Reactive Streams §3.9)");
                }
                var next = cancelled ? null : source.next();
                if (cancelled) {
                    return;
                }
                if (next == null) {
                    cancelled = true;
                    subscriber.onComplete();
                    return;
                }
                subscriber.onNext(next);
            } while (demand.decrementAndGet() > 0);
        } catch (RuntimeException e) {
            var heard = cancelled;
            cancel();
            if (!heard) {
                subscriber.onError(e);
            }
        }
    }
}
