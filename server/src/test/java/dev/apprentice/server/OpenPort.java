package dev.apprentice.server;

import dev.apprentice.server.grpc.GrpcDoors;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Presence;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Watch;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.Guard;
import io.grpc.BindableService;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A port with doors that do as little as possible. */
final class OpenPort implements AutoCloseable {
    static final int BODY_BYTES_MAX = 100_000;

    final Gate gate = new Gate();
    final Presence presence = new Presence();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final LinkedBlockingQueue<Watch.Cause> causes = new LinkedBlockingQueue<>();
    final Listener listener;

    /** Open on any free port, with {@code flags} beside. */
    OpenPort(Map<String, String> flags) {
        this(flags, Guard.withoutKeys());
    }

    OpenPort(Map<String, String> flags, Guard guard) {
        this(flags, guard, List.of());
    }

    OpenPort(Map<String, String> flags, Guard guard, List<BindableService> services) {
        var routes = new Routes().needing(Access.ANY);
        new HealthDoor(gate, Optional::empty).routing(routes);
        routes.post("/v1/chat/completions", this::echo)
                .post("/echo", this::echo)
                .get(
                        "/things/{id}",
                        (request, response) -> Reply.ok(
                                response,
                                Wire.object()
                                        .put(
                                                "id",
                                                request.path().pathParameters().get("id"))))
                .get("/broken", (_, _) -> {
                    throw new IllegalStateException("secret");
                })
                .get("/asserted", (_, _) -> {
                    throw new AssertionError("secret");
                })
                .get("/wait", this::waitForRelease)
                .get("/stream", this::stream)
                .get("/flood", this::flood);
        listener = Listener.start(
                settings(flags),
                routes,
                new GrpcDoors(services, guard, gate),
                guard,
                gate,
                presence,
                (chain, _, _) -> chain.proceed(),
                () -> "abc");
    }

    /** Settings of a port as these tests want it, with {@code flags} beside. */
    static Settings.Listen settings(Map<String, String> flags) {
        var all = new HashMap<>(Map.of(
                "listen.port", "0",
                "listen.read_timeout_ms", "20000",
                "listen.grace_ms", "20000",
                "listen.body_bytes_max", Integer.toString(BODY_BYTES_MAX)));
        all.putAll(flags);
        return Settings.read(null, Map.of(), all).listen();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path));
    }

    private void echo(ServerRequest request, ServerResponse response) {
        var said = Body.json(request, BODY_BYTES_MAX).requiredString("say");
        Reply.ok(response, Wire.object().put("said", said));
    }

    private void waitForRelease(ServerRequest request, ServerResponse response) {
        try (var watch = presence.watch()) {
            awaitRelease(watch);
            Reply.ok(response, Wire.object());
        }
    }

    private void stream(ServerRequest request, ServerResponse response) {
        try (var watch = presence.watch();
                var events = EventStream.on(response, Duration.ofMillis(50))) {
            events.send("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
            awaitRelease(watch);
            events.send("{\"n\":2}".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** More than any buffer between here and the client holds. */
    private void flood(ServerRequest request, ServerResponse response) {
        try (var watch = presence.watch();
                var events = EventStream.on(response, Duration.ofMillis(50))) {
            var event = ("{\"fill\":\"" + "x".repeat(100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
            entered.countDown();
            try {
                while (watch.cause() == Watch.Cause.NONE) {
                    events.send(event);
                }
            } finally {
                causes.add(Watch.Cause.CLIENT_GONE);
            }
        }
    }

    private void awaitRelease(Watch watch) {
        try {
            entered.countDown();
            release.await();
        } catch (InterruptedException e) {
            causes.add(watch.cause());
            throw new CloseConnectionException("interrupted", e);
        }
    }

    @Override
    public void close() {
        release.countDown();
        listener.close();
    }
}
