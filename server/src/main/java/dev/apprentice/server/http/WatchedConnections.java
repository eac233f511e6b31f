package dev.apprentice.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes up every connection, and lets it be read ahead through a {@link ClientLine}. Were there several selectors,
 * Helidon would wait for the bytes that choose one of them without an end; so this one answers for both protocols.
 */
final class WatchedConnections implements ServerConnectionSelector {
    private final ServerConnectionSelector http1;
    private final ServerConnectionSelector http2;
    private final Patience patience;
    private final Watchdog watchdog;
    private final Consumer<ClientLine> owner;

    /**
     * Wraps those that speak the two protocols.
     *
     * @param owner hears of each line on which HTTP/1.1 is spoken, on the thread that handles its requests
     */
    WatchedConnections(
            ServerConnectionSelector http1,
            ServerConnectionSelector http2,
            Patience patience,
            Watchdog watchdog,
            Consumer<ClientLine> owner) {
        this.http1 = http1;
        this.http2 = http2;
        this.patience = patience;
        this.watchdog = watchdog;
        this.owner = owner;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Stream.of(http1, http2)
                .flatMap(selector -> selector.supportedApplicationProtocols().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var line = new ClientLine(context.serverSocket(), patience);
        Thread.ofVirtual().name("read-ahead " + context.childSocketId()).start(line::read);
        var reader = DataReader.create(line);
        var watched = new RewiredConnection(context, reader, new TimedWriter(context.dataWriter(), watchdog));
        return new WatchedConnection(reader, line.pace(), protocol -> switch (protocol) {
            case HTTP_1_1 -> {
                owner.accept(line); // on the connection's own thread, which handles all its requests
                yield http1.connection(watched);
            }
            case HTTP_2 -> http2.connection(watched);
        });
    }
}
