package dev.apprentice.client;

import dev.apprentice.client.grpc.GrpcTransport;
import dev.apprentice.client.http.HttpTransport;
import dev.apprentice.client.transport.Transport;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts a client together. Every setting has a default that suits most applications. */
public final class ClientBuilder {
    private static final int MEBIBYTE = 1024 * 1024;

    private final Function<ClientBuilder, Transport> transport;
    private final Map<String, String> headers = new HashMap<>();
    private Duration timeout = Duration.ofMinutes(10);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration silenceMax = Duration.ofSeconds(60);
    private int bodyBytesMax = 64 * MEBIBYTE;
    private RetryPolicy retries = RetryPolicy.defaults();
    private TextMapPropagator propagator = W3CTraceContextPropagator.getInstance();
    private @Nullable TokenProvider tokens;
    private @Nullable ExecutorService executor;
    private @Nullable HttpClient httpClient;
    private Seams seams = Seams.REAL;

    private ClientBuilder(Function<ClientBuilder, Transport> transport) {
        this.transport = transport;
    }

    static ClientBuilder http(URI url) {
        check(url);
        return new ClientBuilder(builder -> new HttpTransport(
                builder.http(), url, builder.bodyBytesMax, builder.silenceMax, builder.seams.clock()));
    }

    static ClientBuilder grpc(URI url) {
        check(url);
        return new ClientBuilder(builder -> GrpcTransport.to(url, builder.bodyBytesMax, builder.silenceMax));
    }

    static ClientBuilder over(Transport transport) {
        return new ClientBuilder(builder -> transport);
    }

    private static void check(URI url) {
        if (url.getScheme() == null || !Set.of("http", "https").contains(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("the server's URL must be like http://host:port, found " + url);
        }
    }

    static Duration positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, found " + duration);
        }
        return duration;
    }

    /**
     * The API key. By default none is sent.
     *
     * @param token the key, {@code ak_…}
     * @return this builder
     */
    public ClientBuilder token(String token) {
        return token(TokenProvider.of(token));
    }

    /**
     * Where API keys come from, asked before each try.
     *
     * @param tokens asked before each try
     * @return this builder
     */
    public ClientBuilder token(TokenProvider tokens) {
        this.tokens = tokens;
        return this;
    }

    /**
     * How long a call may take: all its tries, the waits between them and its whole body, however slowly that comes. 10
     * minutes by default.
     *
     * @param timeout longer than nothing
     * @return this builder
     */
    public ClientBuilder timeout(Duration timeout) {
        this.timeout = positive("timeout", timeout);
        return this;
    }

    /**
     * How long it may take to connect, over HTTP. 5 s by default.
     *
     * @param connectTimeout longer than nothing
     * @return this builder
     */
    public ClientBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = positive("connectTimeout", connectTimeout);
        return this;
    }

    /**
     * How long a watch over HTTP waits for a sign of life before it connects again. 60 s by default.
     *
     * @param silenceMax longer than nothing
     * @return this builder
     */
    public ClientBuilder silenceMax(Duration silenceMax) {
        this.silenceMax = positive("silenceMax", silenceMax);
        return this;
    }

    /**
     * The longest answer that is held in memory, in bytes. 64 MiB by default; downloads are not held in memory.
     *
     * @param bodyBytesMax at least 1
     * @return this builder
     */
    public ClientBuilder bodyBytesMax(int bodyBytesMax) {
        if (bodyBytesMax < 1) {
            throw new IllegalArgumentException("bodyBytesMax must be at least 1, found " + bodyBytesMax);
        }
        this.bodyBytesMax = bodyBytesMax;
        return this;
    }

    /**
     * How failed calls are tried again.
     *
     * @param retries how failed calls are tried again
     * @return this builder
     */
    public ClientBuilder retries(RetryPolicy retries) {
        this.retries = retries;
        return this;
    }

    /**
     * How the trace context is passed on. W3C {@code traceparent} by default.
     *
     * @param propagator writes the current context into headers
     * @return this builder
     */
    public ClientBuilder propagator(TextMapPropagator propagator) {
        this.propagator = propagator;
        return this;
    }

    /**
     * A header that every call carries, over gRPC an entry of its metadata.
     *
     * @param name the header's name, in any case
     * @param value the header's value, in ASCII
     * @return this builder
     */
    public ClientBuilder header(String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), value);
        return this;
    }

    /**
     * Where asynchronous work and publishers run. By default a virtual thread for each where the JVM has them, else
     * pooled threads. It is not shut down with the client.
     *
     * @param executor runs tasks that block
     * @return this builder
     */
    public ClientBuilder executor(ExecutorService executor) {
        this.executor = executor;
        return this;
    }

    /**
     * What makes the HTTP connections, for a proxy or own certificates. {@link #connectTimeout} is its own then.
     *
     * @param httpClient it should speak HTTP/1.1 and follow no redirects
     * @return this builder
     */
    public ClientBuilder httpClient(HttpClient httpClient) {
        this.httpClient = httpClient;
        return this;
    }

    ClientBuilder seams(Seams seams) {
        this.seams = seams;
        return this;
    }

    /**
     * The client. It connects at the first call.
     *
     * @return a client, to be closed
     */
    public ApprenticeClient build() {
        var given = executor;
        var used = given == null ? Async.threads() : given;
        var open = transport.apply(this);
        var caller = new Caller(timeout, retries, tokens, propagator, headers, seams);
        return new ApprenticeClient(open, caller, used, () -> {
            open.close();
            if (given == null) {
                used.shutdownNow();
            }
        });
    }

    /** HTTP/1.1: over HTTP/2 not every server notices that a reader has left a stream. Redirects are not followed. */
    private HttpClient http() {
        return httpClient != null
                ? httpClient
                : HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout)
                        .build();
    }
}
