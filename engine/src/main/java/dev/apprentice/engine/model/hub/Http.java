package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One GET, redirects followed by hand: the token is sent to the host that was asked and to no other, and nothing leads
 * from HTTPS to HTTP. Safe for several threads.
 */
final class Http implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int REDIRECTS_MAX = 5;

    private final EnvProxies proxies;
    private final HttpClient client;
    private final Duration connectTimeout;
    private final Duration stallTimeout;

    Http(StoreSettings settings) throws SourceFailedException {
        this.proxies = new EnvProxies(settings.environment());
        proxies.check();
        this.connectTimeout = settings.connectTimeout();
        this.stallTimeout = settings.stallTimeout();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .proxy(proxies)
                .build();
    }

    /**
     * An answer whose body is still to be read.
     *
     * @param last the answer behind all redirects
     * @param linkedDigest the SHA-256 that the host which was asked gives for the file behind its redirect
     */
    record Reply(HttpResponse<Body> last, @Nullable String linkedDigest) implements AutoCloseable {
        int status() {
            return last.statusCode();
        }

        Optional<String> header(String name) {
            return last.headers().firstValue(name);
        }

        @Override
        public void close() {
            last.body().close();
        }
    }

    /** Asks for {@code uri}. An {@link IOException} is worth another try, a {@link SourceFailedException} is not. */
    Reply get(URI uri, Map<String, String> headers, @Nullable String token)
            throws IOException, InterruptedException, SourceFailedException {
        var at = uri;
        String linkedDigest = null;
        for (var hops = 0; hops <= REDIRECTS_MAX; hops++) {
            var response = send(request(at, headers, isSameHost(uri, at) ? token : null));
            if (isSameHost(uri, at)) {
                linkedDigest = response.headers().firstValue("x-linked-etag").orElse(linkedDigest);
            }
            if (!REDIRECTS.contains(response.statusCode())) {
                return new Reply(response, linkedDigest);
            }
            response.body().close();
            at = target(at, response);
        }
        throw new SourceFailedException(uri + " redirects more than " + REDIRECTS_MAX + " times");
    }

    private HttpRequest request(URI uri, Map<String, String> headers, @Nullable String token) {
        var request = HttpRequest.newBuilder(uri)
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "apprentice");
        headers.forEach(request::header);
        if (token != null && (uri.getScheme().equalsIgnoreCase("https") || EnvProxies.isLocal(uri.getHost()))) {
            request.header("Authorization", "Bearer " + token);
        }
        var proxy = proxies.authorization(uri);
        if (proxy != null) {
            request.header("Proxy-Authorization", proxy);
        }
        return request.GET().build();
    }

    /** The deadline is ours: from JDK 26 on, a request's own timeout covers its body too, and a model takes a while. */
    private HttpResponse<Body> send(HttpRequest request)
            throws IOException, InterruptedException, SourceFailedException {
        var answer = client.sendAsync(request, info -> new Body());
        try {
            return answer.get(stallTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer within " + stallTimeout.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unwrap(request.uri(), e.getCause() == null ? e : e.getCause());
        }
    }

    private IOException unwrap(URI uri, Throwable cause) throws SourceFailedException {
        return switch (cause) {
            case HttpConnectTimeoutException e ->
                throw new SourceFailedException(
                        uri.getHost() + " did not answer within " + connectTimeout.toSeconds() + " s", e);
            case ConnectException e -> throw new SourceFailedException(unreachable(uri, e), e);
            case SSLException e ->
                throw new SourceFailedException(
                        "no trusted connection to " + uri.getHost() + ": " + e.getMessage()
                                + " (behind a proxy that opens TLS, give Java its certificate: docs/models.md)",
                        e);
            case IOException e -> e;
            default -> new IOException(cause);
        };
    }

    private static String unreachable(URI uri, ConnectException e) {
        return e.getCause() instanceof UnresolvedAddressException
                        || e.getCause() instanceof java.net.UnknownHostException
                ? "there is no host " + uri.getHost() + " on this network"
                : "no connection to " + uri.getHost() + ": " + (e.getMessage() == null ? "refused" : e.getMessage());
    }

    private static URI target(URI from, HttpResponse<?> response) throws SourceFailedException {
        var location = response.headers().firstValue("location").orElse("");
        try {
            var to = from.resolve(location);
            if (location.isEmpty() || to.getHost() == null) {
                throw new SourceFailedException(from.getHost() + " redirects to nowhere ('" + location + "')");
            }
            if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
                throw new SourceFailedException(from.getHost() + " redirects from https to " + to.getScheme());
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new SourceFailedException(from.getHost() + " redirects to nowhere ('" + location + "')", e);
        }
    }

    private static boolean isSameHost(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
