package dev.apprentice.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Takes up connections as another selector does, but lets them be read ahead through a {@link ClientLine}. */
final class WatchedConnections implements ServerConnectionSelector {
    private final ServerConnectionSelector inner;
    private final Patience patience;
    private final Watchdog watchdog;
    private final Consumer<ClientLine> owner;

    /**
     * Wraps {@code inner}.
     *
     * @param owner hears of each line on the thread that handles its requests
     */
    WatchedConnections(
            ServerConnectionSelector inner, Patience patience, Watchdog watchdog, Consumer<ClientLine> owner) {
        this.inner = inner;
        this.patience = patience;
        this.watchdog = watchdog;
        this.owner = owner;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return inner.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return inner.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return inner.supportedApplicationProtocols();
    }

    /** Called on the connection's own thread, which then handles all its requests. */
    @Override
    public ServerConnection connection(ConnectionContext context) {
        var line = new ClientLine(context.serverSocket(), patience);
        owner.accept(line);
        Thread.ofVirtual().name("read-ahead " + context.childSocketId()).start(line::read);
        return inner.connection(new ReadAhead(
                context, DataReader.create(firstOf(context, line)), new TimedWriter(context.dataWriter(), watchdog)));
    }

    /** What was read to tell the protocol comes first, then the line. */
    private static Supplier<byte[]> firstOf(ConnectionContext context, ClientLine line) {
        var seen = context.dataReader();
        return () -> {
            var left = seen.available();
            return left > 0 ? seen.readBuffer(left).readBytes() : line.get();
        };
    }

    private record ReadAhead(ConnectionContext inner, DataReader dataReader, DataWriter dataWriter)
            implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return inner.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return inner.executor();
        }

        @Override
        public Router router() {
            return inner.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return inner.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return inner.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return inner.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return inner.localPeer();
        }

        @Override
        public boolean isSecure() {
            return inner.isSecure();
        }

        @Override
        public String socketId() {
            return inner.socketId();
        }

        @Override
        public String childSocketId() {
            return inner.childSocketId();
        }
    }
}
