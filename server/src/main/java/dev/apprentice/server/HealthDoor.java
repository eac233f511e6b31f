package dev.apprentice.server;

import dev.apprentice.server.http.Gate;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Access;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.function.Supplier;

/** For whoever operates the server: whether the process lives, and whether it can serve. */
final class HealthDoor {
    private final Gate gate;
    private final Supplier<Optional<String>> unready;

    /**
     * Made for a server that is behind {@code gate}.
     *
     * @param unready the reason why nothing can be served at present, empty where it can
     */
    HealthDoor(Gate gate, Supplier<Optional<String>> unready) {
        this.gate = gate;
        this.unready = unready;
    }

    void routing(Routes routes) {
        routes.needing(Access.OPEN).get("/health/live", this::live).get("/health/ready", this::ready);
        routes.needing(Access.ANY).later("GET", "/", "the dashboard");
    }

    private void live(ServerRequest request, ServerResponse response) {
        Reply.ok(response, Wire.object().put("status", "live"));
    }

    private void ready(ServerRequest request, ServerResponse response) {
        var reason = gate.isClosed() ? Optional.of("the server is stopping") : unready.get();
        if (reason.isEmpty()) {
            Reply.ok(response, Wire.object().put("status", "ready"));
        } else {
            Reply.json(response, 503, Wire.object().put("status", "not_ready").put("reason", reason.get()));
        }
    }
}
