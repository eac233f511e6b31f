package dev.apprentice.client.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.DeadlineException;
import dev.apprentice.client.transport.Call;
import dev.apprentice.client.transport.Deadline;
import dev.apprentice.client.value.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends one request and waits until the status is here. */
final class Exchange {
    private static final int ERROR_BYTES_MAX = 64 * 1024;

    private final HttpClient http;
    private final String base;
    private final Refusals refusals;

    Exchange(HttpClient http, URI base, Refusals refusals) {
        this.http = http;
        var text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.refusals = refusals;
    }

    /** A request for {@code path} that takes {@code accept}. */
    HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", accept);
    }

    /** A body of JSON. */
    static BodyPublisher json(ObjectNode body) {
        return BodyPublishers.ofByteArray(Wire.bytes(body));
    }

    /** Sends {@code request}; the reply is a good one (2xx) and must be closed. */
    Reply send(HttpRequest.Builder request, Call call) {
        return send(request, call, call.deadline());
    }

    /** The same where the wait for the status has a deadline of its own. */
    Reply send(HttpRequest.Builder request, Call call, Deadline untilStatus) {
        call.headers().forEach(request::setHeader);
        var response = await(http.sendAsync(request.build(), info -> new ByteSource()), untilStatus);
        var reply = new Reply(response.statusCode(), response.headers(), response.body(), call.deadline());
        if (reply.status() / 100 == 2) {
            return reply;
        }
        try (reply) {
            throw refusals.read(reply.status(), reply.headers(), told(reply)).exception();
        }
    }

    /** The status says most; that the words beside it were lost on the way must not hide it. */
    private static byte[] told(Reply reply) {
        try {
            return reply.head(ERROR_BYTES_MAX);
        } catch (ConnectionException | DeadlineException e) {
            return new byte[0];
        }
    }

    private static HttpResponse<ByteSource> await(
            CompletableFuture<HttpResponse<ByteSource>> coming, Deadline deadline) {
        try {
            return coming.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            leave(coming);
            throw deadline.exception();
        } catch (InterruptedException e) {
            leave(coming);
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while the server was waited for", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    /** Cancelling the future ends the exchange; should it just have been answered, nobody reads the body. */
    private static void leave(CompletableFuture<HttpResponse<ByteSource>> coming) {
        coming.cancel(true);
        var unused = coming.thenAccept(response -> response.body().close());
    }

    private static ApprenticeException failed(@Nullable Throwable cause) {
        for (var t = cause; t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof HttpConnectTimeoutException
                    || t instanceof UnresolvedAddressException) {
                return ConnectionException.refused("the server could not be reached", cause);
            }
        }
        if (cause instanceof IOException) {
            return ConnectionException.broken("the connection broke before the answer came", cause);
        }
        throw new IllegalStateException("the request could not be sent", cause);
    }
}
