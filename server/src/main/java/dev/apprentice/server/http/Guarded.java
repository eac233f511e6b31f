package dev.apprentice.server.http;

import dev.apprentice.server.http.Routes.Route;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.Act;
import dev.apprentice.server.security.Caller;
import dev.apprentice.server.security.Credentials;
import dev.apprentice.server.security.Guard;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * What stands before each row's handler, so that no door can forget it: who asks is known and may, his limits are
 * counted and told, an instance that does not exist for him is not found, and what changes anything that is an
 * administrator's is in the journal before it happens.
 */
final class Guarded implements Handler {
    private final Route route;
    private final Guard guard;
    private final boolean ofInstance;
    private final boolean recorded;

    Guarded(Route route, Guard guard) {
        this.route = route;
        this.guard = guard;
        this.ofInstance = route.path().startsWith("/v1/instances/{id}");
        this.recorded = route.built()
                && route.access().isAdministrative()
                && !route.method().equals("GET");
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        request.context().register(route); // telemetry counts by its path
        var caller = enter(guard, route.access(), request, response);
        if (ofInstance) {
            caller.mayUse(request.path().pathParameters().get("id"));
        }
        if (recorded) {
            record(caller, request, response);
        } else {
            route.handler().handle(request, response);
        }
    }

    /** Lets {@code request} in, and its handler know whose it is. */
    static Caller enter(Guard guard, Access access, ServerRequest request, ServerResponse response) {
        var caller = guard.identify(Credentials.of(request), access);
        try {
            caller.meter().begin();
        } finally {
            caller.meter().headers().forEach(response::header);
        }
        caller.into(request);
        return caller;
    }

    private void record(Caller caller, ServerRequest request, ServerResponse response) throws Exception {
        var id = RequestId.of(response);
        var act = guard.act(caller, route.toString(), request.path().path(), id);
        try {
            route.handler().handle(request, response);
        } catch (Exception | AssertionError e) {
            act.ended(Integer.toString(Errors.unlogged(e, id).status()), null);
            throw e;
        }
        ended(act, response);
    }

    /** The answer has been sent, so that a journal that cannot be written to any more can only be logged. */
    private static void ended(Act act, ServerResponse response) {
        var made = response.headers().first(HeaderNames.LOCATION).orElse(null);
        act.ended(Integer.toString(response.status().code()), made);
    }
}
