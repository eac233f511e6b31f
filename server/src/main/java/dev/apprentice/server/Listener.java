package dev.apprentice.server;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.server.grpc.GrpcDoors;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Cors;
import dev.apprentice.server.http.Errors;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.RequestId;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.security.Certificates;
import dev.apprentice.server.security.Guard;
import dev.apprentice.server.security.LoopbackGuard;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The open port: takes requests in, and when it is closed lets those inside finish first. */
final class Listener implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Listener.class.getName());

    /** What an interrupted answer may take to say that it was. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Settings.Listen settings;
    private final WebServer server;
    private final int port;
    private final Gate gate;
    private final Presence presence;
    private final GrpcDoors grpc;

    private Listener(Settings.Listen settings, WebServer server, Gate gate, Presence presence, GrpcDoors grpc) {
        this.settings = settings;
        this.server = server;
        this.port = server.port();
        this.gate = gate;
        this.presence = presence;
        this.grpc = grpc;
    }

    /** Opens the port; requests are served from here on. */
    static Listener start(
            Settings.Listen settings,
            Routes routes,
            GrpcDoors grpc,
            Guard guard,
            Gate gate,
            Presence presence,
            Filter outermost,
            Supplier<String> ids) {
        var edge = settings.edge();
        var routing = HttpRouting.builder();
        Errors.into(routing);
        routing.addFilter(presence.pace());
        routing.addFilter(outermost);
        routing.addFilter(RequestId.filter(ids));
        routing.addFilter(LoopbackGuard.filter(guard, edge.hosts()));
        routing.addFilter(Cors.filter(edge.origins()));
        routing.addFilter(gate.filter());
        routes.into(routing, guard);
        var builder = WebServer.builder();
        tls(edge.tls()).ifPresent(builder::tls);
        var server = builder.host(settings.host())
                .port(settings.port())
                .shutdownHook(false) // we stop it ourselves, after its requests
                .protocolsDiscoverServices(false)
                .addConnectionSelector(presence.selector(
                        grpc.selector(edge.patience().write(), presence), edge.patience(), edge.headBytesMax()))
                .featuresDiscoverServices(false)
                .addFeature(GrpcDoors.reflection())
                .maxTcpConnections(edge.connectionsMax())
                .contentEncoding(Body.encodings())
                // without it Nagle's algorithm meets delayed acknowledgements: 44 ms for each event
                .connectionOptions(options -> options.tcpNoDelay(true))
                .errorHandling(handling -> handling.includeEntity(true))
                .directHandlers(beforeRouting())
                .routing(routing)
                .addRouting(grpc.routing())
                .build()
                .start();
        if (!server.isRunning()) { // Helidon logs the reason and goes on
            throw taken(settings, null);
        }
        return new Listener(settings, server, gate, presence, grpc);
    }

    /**
     * Looks whether the port is free, so that one that is not is told before a model is loaded.
     *
     * @throws ConflictException code {@code port_in_use}
     * @throws BadSettingsException if TLS is wanted and its files are not what they should be
     */
    static void check(Settings.Listen settings) {
        tls(settings.edge().tls());
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
        } catch (IOException e) {
            throw taken(settings, e);
        }
    }

    private static Optional<Tls> tls(@Nullable Certificates certificates) {
        try {
            return Optional.ofNullable(certificates).map(Certificates::tls);
        } catch (RuntimeException e) { // a different one for each thing that can be wrong with a PEM file
            throw new BadSettingsException(List.of("listen.tls: the certificate, the key or the client CA cannot be"
                    + " used (PEM, an unencrypted PKCS#8 key): " + e.getMessage()));
        }
    }

    private static ConflictException taken(Settings.Listen settings, @Nullable IOException cause) {
        var address = settings.host() + ", port " + settings.port();
        return new ConflictException(
                "port_in_use",
                "cannot listen on " + address + (cause == null ? "" : ": " + cause.getMessage())
                        + "; --port chooses another",
                Fault.of("listen.port", "a free port", Integer.toString(settings.port())),
                cause);
    }

    /** The port that is, or was, open. */
    int port() {
        return port;
    }

    /** Lets nobody in any more, gives those inside their grace time, interrupts who is left, closes the port. */
    @Override
    public void close() {
        grpc.drain(); // health first, so that nobody is sent here who would be refused
        gate.close();
        LOG.log(Level.INFO, "event=draining requests=" + gate.inside());
        presence.stop(Watch.Kind.LISTENING);
        try {
            if (!gate.awaitQuiet(settings.grace())) {
                LOG.log(Level.WARNING, "event=grace_over requests=" + gate.inside());
                presence.stop(Watch.Kind.ANSWERING);
                grpc.stop();
                gate.awaitQuiet(LAST_WORDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.stop();
            presence.close();
            grpc.close();
        }
        LOG.log(Level.INFO, "event=stopped_listening");
    }

    private static DirectHandlers beforeRouting() {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, Errors.beforeRouting());
        }
        return handlers.build();
    }
}
