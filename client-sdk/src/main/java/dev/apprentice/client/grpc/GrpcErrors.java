package dev.apprentice.client.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.error.CancelledException;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.error.Refusal;
import dev.apprentice.client.transport.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads status codes and their details as the errors that HTTP would have told. A status without details is not the
 * server's own word: a proxy's, or grpc-java's, about the connection.
 */
final class GrpcErrors {
    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> SHOULD_RETRY =
            Metadata.Key.of("x-should-retry", Metadata.ASCII_STRING_MARSHALLER);

    private static final Logger LOG = System.getLogger(GrpcErrors.class.getName());

    private GrpcErrors() {}

    static ApprenticeException of(Status status, @Nullable Metadata trailers, Deadline deadline) {
        return of(status, trailers, deadline, false);
    }

    /** The error that ends a call; {@code begun} says that a message had come before. */
    static ApprenticeException of(Status status, @Nullable Metadata trailers, Deadline deadline, boolean begun) {
        var said = trailers == null ? new Metadata() : trailers;
        var details = details(status, said);
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> deadline.exception();
            case CANCELLED -> new CancelledException("the call was cancelled", status.asRuntimeException());
            case UNAVAILABLE ->
                details.info == null
                        ? connection(status)
                        : refusal(status, said, details, begun).exception();
            case RESOURCE_EXHAUSTED, INTERNAL, UNKNOWN ->
                details.info == null && isOurs(status)
                        ? new ProtocolException(
                                "the answer could not be read: " + status.getDescription(), status.getCause())
                        : refusal(status, said, details, begun).exception();
            default -> refusal(status, said, details, begun).exception();
        };
    }

    /** Whether grpc-java says that a message was too long or unreadable, and not the server. */
    private static boolean isOurs(Status status) {
        var description = String.valueOf(status.getDescription());
        return status.getCause() != null
                || description.startsWith("gRPC message exceeds maximum size")
                || description.contains("Decompressed gRPC message exceeds")
                || description.contains("Invalid protobuf");
    }

    private static ApprenticeException connection(Status status) {
        for (var t = status.getCause(); t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException) {
                return ConnectionException.refused("the server could not be reached", status.getCause());
            }
        }
        return ConnectionException.broken(
                "the connection broke before the answer was whole: " + status.getDescription(), status.getCause());
    }

    private static final class Details {
        private @Nullable ErrorInfo info;
        private @Nullable BadRequest bad;
        private @Nullable RetryInfo retry;
        private @Nullable RequestInfo request;

        void add(Any any) {
            try {
                if (any.is(ErrorInfo.class)) {
                    info = any.unpack(ErrorInfo.class);
                } else if (any.is(BadRequest.class)) {
                    bad = any.unpack(BadRequest.class);
                } else if (any.is(RetryInfo.class)) {
                    retry = any.unpack(RetryInfo.class);
                } else if (any.is(RequestInfo.class)) {
                    request = any.unpack(RequestInfo.class);
                }
            } catch (InvalidProtocolBufferException e) {
                LOG.log(Level.DEBUG, "event=error_detail_unreadable type=" + any.getTypeUrl(), e);
            }
        }
    }

    private static Details details(Status status, Metadata trailers) {
        var details = new Details();
        var rich = StatusProto.fromStatusAndTrailers(status, trailers);
        for (Any any : rich.getDetailsList()) {
            details.add(any);
        }
        return details;
    }

    private static Refusal refusal(Status status, Metadata trailers, Details details, boolean begun) {
        var info = details.info;
        Map<String, String> more = info == null ? Map.of() : info.getMetadataMap();
        var refusal = Refusal.builder(httpStatus(status, more))
                .afterBeginning(begun)
                .code(info == null ? status.getCode().name().toLowerCase(Locale.ROOT) : info.getReason())
                .message(
                        status.getDescription() == null
                                ? "the server answered " + status.getCode()
                                : status.getDescription())
                .field(more.get("field"))
                .expected(more.get("expected"))
                .found(more.get("found"))
                .requestId(more.getOrDefault("request_id", trailers.get(REQUEST_ID)));
        if (details.bad != null && details.bad.getFieldViolationsCount() > 0) {
            refusal.field(details.bad.getFieldViolations(0).getField());
        }
        if (details.request != null) {
            refusal.requestId(details.request.getRequestId());
        }
        if (details.retry != null) {
            var delay = details.retry.getRetryDelay();
            refusal.retryAfter(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
        }
        var shouldRetry = trailers.get(SHOULD_RETRY);
        if (shouldRetry != null) {
            refusal.shouldRetry(Boolean.parseBoolean(shouldRetry));
        } else if (info == null) {
            refusal.shouldRetry(false); // who knows who said this
        }
        return refusal.build();
    }

    /** The server may name the HTTP status, where several have one code. */
    private static int httpStatus(Status status, Map<String, String> more) {
        var named = more.getOrDefault("http_status", more.getOrDefault("status", ""));
        if (named.matches("[45]\\d\\d")) {
            return Integer.parseInt(named);
        }
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case FAILED_PRECONDITION -> 422;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case CANCELLED -> 499;
            case OK, UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }
}
