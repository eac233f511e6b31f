package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * The table of everything that can be asked for. The doors fill it; the listener serves it, and answers what is not in
 * it with 404, or with 405 where only the method is wrong. {@code docs/api.md} is checked against it.
 */
public final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /**
     * One row.
     *
     * @param method GET, POST, ...
     * @param path with {@code {names}} for segments that vary
     * @param handler who answers
     * @param built whether it does more than to say that it is not built yet
     */
    public record Route(String method, String path, Handler handler, boolean built) {
        /** How documentation writes it. */
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** Reads something. */
    public Routes get(String path, Handler handler) {
        return add("GET", path, handler);
    }

    /** Makes or does something. */
    public Routes post(String path, Handler handler) {
        return add("POST", path, handler);
    }

    /** Changes something. */
    public Routes patch(String path, Handler handler) {
        return add("PATCH", path, handler);
    }

    /** Takes something away. */
    public Routes delete(String path, Handler handler) {
        return add("DELETE", path, handler);
    }

    /** Is described and not built: answers 501 that says so, never a pretended success. */
    public Routes later(String method, String path, String what) {
        routes.add(new Route(method, path, notBuilt(what), false));
        return this;
    }

    /** All rows, in the order in which the doors gave them. */
    public List<Route> all() {
        return List.copyOf(routes);
    }

    /** Hands the table to Helidon. */
    public void into(HttpRouting.Builder routing) {
        var allowed = new LinkedHashMap<String, TreeSet<String>>();
        for (var route : routes) {
            routing.route(Method.create(route.method()), route.path(), route.handler());
            allowed.computeIfAbsent(route.path(), _ -> new TreeSet<>()).add(route.method());
        }
        allowed.forEach((path, methods) -> routing.any(path, wrongMethod(String.join(", ", methods))));
        routing.any((request, _) -> {
            throw new RefusedException(Refusal.of(
                    404,
                    "unknown_path",
                    "there is nothing at " + request.path().rawPath() + "; docs/api.md lists what there is"));
        });
    }

    private Routes add(String method, String path, Handler handler) {
        routes.add(new Route(method, path, handler, true));
        return this;
    }

    private static Handler notBuilt(String what) {
        return (_, _) -> {
            throw new NotBuiltException("not_built", what + " is not built yet", Fault.NONE);
        };
    }

    private static Handler wrongMethod(String allowed) {
        return (request, _) -> {
            throw new RefusedException(Refusal.of(
                            405,
                            "wrong_method",
                            request.prologue().method().text() + " is not possible here; expected " + allowed)
                    .with("Allow", allowed));
        };
    }
}
