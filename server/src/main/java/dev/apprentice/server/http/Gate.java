package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnavailableException;
import io.helidon.webserver.http.Filter;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests inside and, once closed, lets no new ones in, so that a server that stops can finish what it has
 * begun. Health is always answered.
 */
public final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private int inside;
    private boolean closed;

    /** The filter that every request passes. */
    public Filter filter() {
        return (chain, request, _) -> {
            if (request.path().path().startsWith("/health/")) {
                chain.proceed();
                return;
            }
            enter();
            try {
                chain.proceed();
            } finally {
                leave();
            }
        };
    }

    /** From now on new requests are answered 503. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has been closed. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** How many requests are inside. */
    public int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nobody is inside; false if that took longer than {@code patience}. */
    public boolean awaitQuiet(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            var left = patience.toNanos();
            while (inside > 0) {
                if (left <= 0) {
                    return false;
                }
                left = quiet.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets one request in, which must {@link #leave}.
     *
     * @throws UnavailableException if it is closed
     */
    public void enter() {
        lock.lock();
        try {
            if (closed) {
                throw new UnavailableException("draining", "the server is stopping; try again later", Fault.NONE);
            }
            inside++;
        } finally {
            lock.unlock();
        }
    }

    /** One request is through. */
    public void leave() {
        lock.lock();
        try {
            if (--inside == 0) {
                quiet.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
