package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Turns whatever was thrown into the error that the client of that path understands. */
public final class Errors {
    private static final Logger LOG = System.getLogger(Errors.class.getName());

    private Errors() {}

    /** Answers for every handler of {@code routing}. */
    public static void into(HttpRouting.Builder routing) {
        routing.error(Throwable.class, Errors::answer);
    }

    /** For requests that Helidon refuses before they reach a route. */
    public static DirectHandler beforeRouting() {
        return (request, type, status, headers, message) -> {
            var refusal = beforeRouting(request, status, message);
            var shape = ErrorShape.at(request.path());
            refusal.headers().forEach((name, value) -> headers.set(HeaderNames.create(name), value));
            headers.set(HeaderNames.CONTENT_TYPE, shape.contentType());
            return DirectHandler.TransportResponse.builder()
                    .status(Status.create(refusal.status()))
                    .headers(headers)
                    .entity(Wire.bytes(shape.body(refusal, "none")))
                    .build();
        };
    }

    private static Refusal beforeRouting(
            DirectHandler.TransportRequest request, Status status, @Nullable String message) {
        if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
            // RFC 9110 §15.5.16: say what would have been accepted
            return Refusal.of(
                            415,
                            "unsupported_content_encoding",
                            "Content-Encoding must be gzip or absent, found "
                                    + request.headers()
                                            .get(HeaderNames.CONTENT_ENCODING)
                                            .get())
                    .with("Accept-Encoding", "gzip");
        }
        var said = message == null || message.isBlank() ? status.reasonPhrase() : message;
        return Refusal.of(status.code(), "bad_request", said);
    }

    /** What the client is told when {@code thrown} came out of a handler. Faults of ours are logged, with their id. */
    public static Refusal refusal(Throwable thrown, String requestId) {
        var refusal = unlogged(thrown, requestId);
        if (refusal.status() >= 500 && refusal.status() != 501 && refusal.status() != 503) {
            LOG.log(Level.ERROR, "event=request_failed request=" + requestId + " code=" + refusal.code(), thrown);
        }
        return refusal;
    }

    static Refusal unlogged(Throwable thrown, String requestId) {
        return switch (thrown) {
            case RefusedException refused -> refused.refusal();
            case ApprenticeException known -> Refusal.of(known);
            case HttpException http ->
                Refusal.of(http.status().code(), "bad_request", String.valueOf(http.getMessage()));
            case RequestException request ->
                Refusal.of(request.status().code(), "bad_request", String.valueOf(request.getMessage()));
            default -> Refusal.of(500, "internal", "a fault of the server; its log has more under " + requestId);
        };
    }

    /** The error {@code thrown} as the data of an event in OpenAI's shape: for a stream whose status has been sent. */
    public static byte[] event(Throwable thrown, ServerResponse response) {
        return event(thrown, response, ErrorShape.OPENAI);
    }

    /** The same in {@code shape}. */
    public static byte[] event(Throwable thrown, ServerResponse response, ErrorShape shape) {
        return Wire.bytes(shape.body(refusal(thrown, response), RequestId.of(response)));
    }

    /** What the client is told of {@code thrown} by {@code response}, or by the stream that it has become. */
    public static Refusal refusal(Throwable thrown, ServerResponse response) {
        return refusal(thrown, RequestId.of(response));
    }

    private static void answer(ServerRequest request, ServerResponse response, Throwable thrown) {
        Body.skipUnread(request);
        var requestId = RequestId.of(response);
        var refusal = refusal(thrown, requestId);
        refusal.headers().forEach(response::header);
        if (refusal.status() == 413) {
            response.header(HeaderNames.CONNECTION, "close"); // the rest of the body may still be on its way
        }
        var shape = ErrorShape.at(request.path().path());
        response.status(refusal.status());
        try {
            if (request.prologue().method().equals(Method.HEAD)) {
                Gone.orThrow(response::send); // RFC 9110 §9.3.2: a body would be read as the next answer
            } else {
                Reply.bytes(response, shape.contentType(), Wire.bytes(shape.body(refusal, requestId)));
            }
        } catch (CloseConnectionException e) { // thrown on, it would be logged with what is refused, as a fault of ours
            LOG.log(Level.DEBUG, "event=refused_nobody request=" + requestId);
        }
    }
}
