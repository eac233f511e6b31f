package dev.apprentice.server.http;

import io.helidon.common.buffers.DataWriter;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is still there. An answer takes seconds, and Helidon looks at a connection only when it reads or writes it,
 * so a client that goes away during a prefill, or while it waits for a whole answer, would keep its place in the batch.
 * Here every connection is read ahead by a thread of its own; when it ends, or over HTTP/2 when the stream is reset,
 * the thread that {@linkplain #watch watches} is interrupted. Safe for use by many threads.
 */
public final class Presence implements AutoCloseable {
    /** The line of the connection whose thread this is; like the next two it dies with that virtual thread. */
    @SuppressWarnings("ThreadLocalUsage") // static, it would be shared by the servers of one process
    private final ThreadLocal<@Nullable ClientLine> line = new ThreadLocal<>();

    /** Where the client whose requests this thread handles is heard to leave. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Departures> client = new ThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Watch> watched = new ThreadLocal<>();

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Set<Watchdog> watchdogs = ConcurrentHashMap.newKeySet();

    /**
     * How Helidon takes up connections: HTTP/1.1 and no upgrade, or HTTP/2 from the first byte. An offer of h2c is
     * ignored (RFC 9110 §7.8): who wants HTTP/2 says so by its first bytes, or over TLS by name.
     *
     * @param http2 who speaks HTTP/2
     * @param headBytesMax largest head of a request
     */
    @SuppressWarnings("removal") // there is no other way yet to keep these two from being logged
    public ServerConnectionSelector selector(ServerConnectionSelector http2, Patience patience, int headBytesMax) {
        var watchdog = new Watchdog(patience.write());
        watchdogs.add(watchdog);
        var config = Http1Config.builder()
                .maxHeadersSize(headBytesMax)
                .receiveLog(false) // these logs show whole heads, and with them keys
                .sendLog(false)
                .build();
        var http1 = Http1ConnectionSelector.builder().config(config).build();
        return new WatchedConnections(http1, http2, patience, watchdog, this::own);
    }

    private void own(ClientLine mine) {
        line.set(mine);
        client.set(mine);
    }

    /** This thread is that of one stream of HTTP/2, and its client is heard to leave through {@code departures}. */
    public void serve(Departures departures) {
        client.set(departures);
    }

    /** A writer to a connection that streams share, which is not closed when one of them is given up. */
    public DataWriter shared(DataWriter writer) {
        return new UncutWriter(writer, write -> {
            var mine = watched.get();
            if (mine == null) {
                write.run();
            } else {
                mine.uncut(write);
            }
        });
    }

    /** The filter that tells a connection's clock where a request begins and ends; the outermost of all. */
    public Filter pace() {
        return (chain, request, response) -> {
            var mine = line.get();
            if (mine == null) {
                chain.proceed();
                return;
            }
            mine.pace().headDone();
            try {
                chain.proceed();
            } finally {
                mine.pace().requestDone(isLast(request.headers()) || isLast(response.headers()));
            }
        };
    }

    /** Whether no request may follow on this connection (RFC 9112 §9.6); Helidon says so and waits for one. */
    private static boolean isLast(Headers headers) {
        return headers.containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    /** Watches over the answer that this thread is making until the watch is closed. */
    public Watch watch() {
        return watch(Watch.Kind.ANSWERING);
    }

    /** Watches over a client that listens to events without an end. */
    public Watch listen() {
        return watch(Watch.Kind.LISTENING);
    }

    /** How many clients listen. */
    public int listening() {
        return (int) watches.stream()
                .filter(watch -> watch.kind() == Watch.Kind.LISTENING)
                .count();
    }

    private Watch watch(Watch.Kind kind) {
        var mine = client.get();
        var watch = new Watch(kind, this, mine, Thread.currentThread());
        watches.add(watch);
        watched.set(watch);
        if (mine != null) { // null for calls of gRPC, which hear of it themselves
            mine.whenGone(watch);
        }
        return watch;
    }

    /** Interrupts everybody who does what {@code kind} says, because the server stops. */
    public void stop(Watch.Kind kind) {
        watches.stream().filter(watch -> watch.kind() == kind).forEach(watch -> watch.interrupt(Watch.Cause.STOPPING));
    }

    /** Watches over nobody any more. */
    @Override
    public void close() {
        watchdogs.forEach(Watchdog::close);
    }

    void forget(Watch watch) {
        watches.remove(watch);
        watched.remove();
    }
}
