package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.server.security.Access;
import dev.apprentice.server.security.Credentials;
import dev.apprentice.server.security.Guard;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The table of everything that can be asked for. The doors fill it; the listener serves it, and answers what is not in
 * it with 404, or with 405 where only the method is wrong. {@code docs/api.md} is checked against it.
 */
public final class Routes {
    private final List<Route> routes;
    private final @Nullable Access access;

    /** An empty table. What is put into it must say {@linkplain #needing what it needs}. */
    public Routes() {
        this(new ArrayList<>(), null);
    }

    private Routes(List<Route> routes, @Nullable Access access) {
        this.routes = routes;
        this.access = access;
    }

    /** The same table, for rows that need {@code access}. */
    public Routes needing(Access access) {
        return new Routes(routes, access);
    }

    /**
     * One row.
     *
     * @param method GET, POST, ...
     * @param path with {@code {names}} for segments that vary
     * @param access what is needed of who asks
     * @param handler who answers
     * @param built whether it does more than to say that it is not built yet
     */
    public record Route(String method, String path, Access access, Handler handler, boolean built) {
        /** How documentation writes it. */
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** Reads something. */
    public Routes get(String path, Handler handler) {
        return add("GET", path, handler, true);
    }

    /** Makes or does something. */
    public Routes post(String path, Handler handler) {
        return add("POST", path, handler, true);
    }

    /** Changes something. */
    public Routes patch(String path, Handler handler) {
        return add("PATCH", path, handler, true);
    }

    /** Takes something away. */
    public Routes delete(String path, Handler handler) {
        return add("DELETE", path, handler, true);
    }

    /** Is described and not built: answers 501 that says so, never a pretended success. */
    public Routes later(String method, String path, String what) {
        return add(method, path, notBuilt(what), false);
    }

    /** All rows, in the order in which the doors gave them. */
    public List<Route> all() {
        return List.copyOf(routes);
    }

    /** Hands the table to Helidon; {@code guard} stands before each row and before what is not in the table. */
    public void into(HttpRouting.Builder routing, Guard guard) {
        var allowed = new LinkedHashMap<String, TreeSet<String>>();
        for (var route : routes) {
            routing.route(Method.create(route.method()), route.path(), new Guarded(route, guard));
            allowed.computeIfAbsent(route.path(), _ -> new TreeSet<>()).add(route.method());
        }
        allowed.forEach((path, methods) -> routing.any(path, wrongMethod(String.join(", ", methods), guard)));
        routing.any((request, _) -> {
            guard.admit(Credentials.of(request), Access.ANY);
            throw new RefusedException(Refusal.of(
                    404,
                    "unknown_path",
                    "there is nothing at " + request.path().rawPath() + "; docs/api.md lists what there is"));
        });
    }

    private Routes add(String method, String path, Handler handler, boolean built) {
        if (access == null) {
            throw new AssertionError(method + " " + path + " must say what it needs: routes.needing(Access...)");
        }
        routes.add(new Route(method, path, access, handler, built));
        return this;
    }

    private static Handler notBuilt(String what) {
        return (_, _) -> {
            throw new NotBuiltException("not_built", what + " is not built yet", Fault.NONE);
        };
    }

    private static Handler wrongMethod(String allowed, Guard guard) {
        return (request, _) -> {
            guard.admit(Credentials.of(request), Access.ANY);
            throw new RefusedException(Refusal.of(
                            405,
                            "wrong_method",
                            request.prologue().method().text() + " is not possible here; expected " + allowed)
                    .with("Allow", allowed));
        };
    }
}
