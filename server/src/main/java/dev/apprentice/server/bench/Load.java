package dev.apprentice.server.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one kind on many connections, driven by the calling thread over one selector: on two cores a client that
 * costs more than the server would be what is measured.
 *
 * <p>Closed: each connection asks again when it is answered, so a slow server is asked less. Open: requests are due at
 * fixed times whatever became of those before, and each one's time counts from when it was due, so that a pause of the
 * server is paid by all that fell into it (what is called coordinated omission is avoided).
 */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int AT_ONCE = 64;
    private static final int READ_BYTES = 64 << 10;

    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer came = ByteBuffer.allocateDirect(READ_BYTES);

    private static final class Connection {
        final SocketChannel channel;
        final Dialect dialect;
        volatile long sinceNanos;

        Connection(SocketChannel channel, Dialect dialect) {
            this.channel = channel;
            this.dialect = dialect;
        }

        void ask(long since) throws IOException {
            sinceNanos = since;
            say(dialect.request());
        }

        void say(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) { // a few hundred bytes fit into any socket's buffer: this goes round once
                channel.write(bytes);
            }
        }
    }

    private Load() throws IOException {
        selector = Selector.open();
    }

    /** Opens {@code count} connections to {@code port} on this machine. */
    static Load connect(int port, int count, Supplier<? extends Dialect> dialects) throws IOException {
        var load = new Load();
        try {
            for (int i = 0; i < count; i++) {
                load.open(port, dialects.get());
            }
            return load;
        } catch (IOException | RuntimeException e) {
            load.close();
            throw e;
        }
    }

    private void open(int port, Dialect dialect) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var connection = new Connection(channel, dialect);
        connections.add(connection);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connection.say(dialect.greeting());
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, connection);
    }

    /** Every connection asks again and again for as long as {@code window}; its last answer is waited for. */
    Latencies closed(Duration window) throws IOException {
        var latencies = new Latencies();
        long end = System.nanoTime() + window.toNanos();
        for (var connection : connections) {
            connection.ask(System.nanoTime());
        }
        var running = new int[] {connections.size()};
        while (running[0] > 0) {
            turn(end + PATIENCE.toNanos(), connection -> {
                long now = System.nanoTime();
                latencies.add(now - connection.sinceNanos);
                if (now < end) {
                    connection.ask(now);
                } else {
                    running[0]--;
                }
            });
        }
        return latencies;
    }

    /** Every connection asks once, a few at a time; each time until it is answered. */
    Latencies once() throws IOException {
        var latencies = new Latencies();
        long until = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
        int asked = 0;
        while (latencies.count() < connections.size()) {
            while (asked < connections.size() && asked - latencies.count() < AT_ONCE) {
                connections.get(asked++).ask(System.nanoTime());
            }
            turn(until, connection -> latencies.add(System.nanoTime() - connection.sinceNanos));
        }
        return latencies;
    }

    /**
     * Requests at a fixed rate over whichever connections are free; a request that finds none waits for one. A server
     * that cannot keep up is not waited for longer than once more {@code window}: what was not even asked until then
     * counts as if it had been answered at that moment.
     */
    Latencies open(int perSecond, Duration window) throws IOException, InterruptedException {
        var latencies = new Latencies();
        var pacer = new Pacer(perSecond, window);
        var thread = Thread.ofPlatform().daemon().name("bench-pacer").start(pacer);
        long until = pacer.endNanos + PATIENCE.toNanos();
        try {
            while (!pacer.done || latencies.count() < pacer.asked) {
                turn(until, connection -> {
                    latencies.add(System.nanoTime() - connection.sinceNanos);
                    pacer.free.add(connection);
                });
            }
        } finally {
            thread.interrupt();
            thread.join();
        }
        if (pacer.failure != null) {
            throw pacer.failure;
        }
        for (int i = pacer.asked; i < pacer.all; i++) {
            latencies.late(pacer.endNanos - pacer.due(i));
        }
        return latencies;
    }

    /** Asks at fixed times. */
    private final class Pacer implements Runnable {
        final int all;
        final long endNanos;
        final LinkedBlockingQueue<Connection> free = new LinkedBlockingQueue<>(connections);
        volatile int asked;
        volatile boolean done;
        volatile @Nullable IOException failure;
        private final long stepNanos;
        private final long startNanos;

        Pacer(int perSecond, Duration window) {
            stepNanos = SECOND.toNanos() / perSecond;
            all = (int) (window.toNanos() / stepNanos);
            startNanos = System.nanoTime() + stepNanos;
            endNanos = startNanos + 2 * window.toNanos();
        }

        long due(int request) {
            return startNanos + request * stepNanos;
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < all; i++) {
                    waitUntil(due(i));
                    var connection = free.poll(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (connection == null) {
                        break;
                    }
                    asked = i + 1;
                    connection.ask(due(i));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                failure = e; // who reads will miss an answer and give up
            } finally {
                done = true;
                selector.wakeup();
            }
        }
    }

    private static void waitUntil(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** What to do with a connection that was answered. */
    @FunctionalInterface
    private interface Answered {
        void on(Connection connection) throws IOException;
    }

    /** Waits for bytes on any connection and reads them. */
    private void turn(long untilNanos, Answered answered) throws IOException {
        long left = untilNanos - System.nanoTime();
        if (left <= 0) {
            throw new IOException("a request was not answered in time");
        }
        selector.select(Duration.ofNanos(left).toMillis() + 1);
        var failure = new IOException[1];
        selector.selectedKeys().forEach(key -> {
            try {
                read((Connection) key.attachment(), answered);
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        selector.selectedKeys().clear();
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private void read(@Nullable Connection connection, Answered answered) throws IOException {
        if (connection == null) {
            return;
        }
        came.clear();
        if (connection.channel.read(came) < 0) {
            throw new IOException("the server has closed a connection");
        }
        boolean whole = connection.dialect.take(came.flip());
        connection.say(connection.dialect.owed());
        if (whole) {
            answered.on(connection);
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
