package dev.apprentice.client;

import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.transport.Source;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events without end: after a cut it connects again and goes on behind the last event that was read, so that none is
 * missed and none comes twice. It ends when it is closed, or with an error that waiting does not heal. What happens
 * between a cut and the next connection is missed only if no event had been read yet and the query names none.
 */
final class EventWatch implements Source<Event> {
    private final Function<EventQuery, Source<Event>> connect;
    private final Caller caller;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Source<Event> connection;
    private EventQuery query;
    private int failures;

    /** Goes on with {@code first}, which was connected for {@code query}; {@code connect} makes the later ones. */
    EventWatch(EventQuery query, Caller caller, Source<Event> first, Function<EventQuery, Source<Event>> connect) {
        this.query = query;
        this.caller = caller;
        this.connect = connect;
        connection = first;
    }

    @Override
    public @Nullable Event next() {
        while (closed.getCount() > 0) {
            try {
                var event = connected().next();
                if (event != null && isNew(event)) {
                    failures = 0;
                    query = query.resumedAfter(event.sequence());
                    return event;
                } else if (event == null) {
                    await();
                }
            } catch (ApprenticeException e) {
                if (closed.getCount() > 0) {
                    heal(e);
                }
            }
        }
        return null;
    }

    private boolean isNew(Event event) {
        return query.after().isEmpty() || event.sequence() > query.after().getAsLong();
    }

    private Source<Event> connected() {
        var now = connection;
        if (now == null) {
            now = connect.apply(query);
            connection = now;
            if (closed.getCount() == 0) {
                now.close(); // closed while this was being connected
            }
        }
        return now;
    }

    private void heal(ApprenticeException error) {
        if (!error.mayPass()) {
            close();
            throw error;
        }
        await();
    }

    private void await() {
        leave();
        var wait = caller.delay(++failures);
        try {
            if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting to connect again", e);
        }
    }

    private void leave() {
        var now = connection;
        connection = null;
        if (now != null) {
            now.close();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        var now = connection;
        if (now != null) {
            now.close();
        }
    }
}
