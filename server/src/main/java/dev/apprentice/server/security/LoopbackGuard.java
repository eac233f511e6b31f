package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ForbiddenException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves a server without keys to this machine only. Listening on loopback is not enough: a web page in a browser on
 * this machine can send requests to it, across origins or by a host name that it re-binds to 127.0.0.1. So the
 * {@code Host} asked for, and the {@code Origin} where there is one, must be this machine's own loopback names.
 */
public final class LoopbackGuard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private LoopbackGuard() {}

    /**
     * The filter that refuses foreign hosts and origins with 403, as long as {@code guard} asks for no keys.
     *
     * @param hosts the names under which a server with keys is known; with none in it, any will do
     */
    public static Filter filter(Guard guard, Set<String> hosts) {
        return (chain, request, _) -> {
            if (guard.hasKeys()) {
                refuseUnknown(request.authority(), hosts);
                chain.proceed();
                return;
            }
            var host = request.authority();
            if (!isLoopback(hostOf(host))) {
                throw refused("foreign_host", "Host", host);
            }
            var origin = request.headers().first(HeaderNames.ORIGIN).orElse(null);
            if (origin != null && !isLoopback(hostOfOrigin(origin))) {
                throw refused("foreign_origin", "Origin", origin);
            }
            chain.proceed();
        };
    }

    private static void refuseUnknown(String authority, Set<String> hosts) {
        var host = String.valueOf(hostOf(authority)).toLowerCase(Locale.ROOT);
        if (!hosts.isEmpty() && !hosts.contains(host)) {
            throw new ForbiddenException(
                    "foreign_host",
                    "this server is not known as '" + host + "'",
                    Fault.of("Host", "one of the names in listen.hosts", host));
        }
    }

    /** Whether {@code host} is a name of this machine's loopback interface. */
    public static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String hostOf(String authority) {
        var end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return end <= 0 ? authority : authority.substring(0, end);
    }

    private static @Nullable String hostOfOrigin(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException e) {
            return null; // no origin that a browser on this machine would send for a page of this machine
        }
    }

    private static ForbiddenException refused(String code, String header, String found) {
        var expected = "localhost, 127.0.0.1 or [::1]";
        return new ForbiddenException(
                code,
                "this server has no keys and answers this machine only: " + header + " must be " + expected + ", found "
                        + found,
                Fault.of(header, expected, found));
    }
}
