package dev.apprentice.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.FetchFailedException;
import dev.apprentice.engine.ForbiddenException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.TooLargeException;
import dev.apprentice.engine.UnauthenticatedException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.server.http.Refusal;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Errors as gRPC tells them: a status code, with the details of {@code google.rpc}. */
final class Statuses {
    private static final Logger LOG = System.getLogger(Statuses.class.getName());

    /** How long a client should wait before it tries a server again that is starting or stopping. */
    private static final long UNAVAILABLE_RETRY_SECONDS = 5;

    private static final int TEXT_CHARS_MAX = 300;

    private Statuses() {}

    /**
     * What the client of {@code method} is told of {@code thrown}. Faults of ours are logged, and told without details.
     */
    static StatusRuntimeException of(Throwable thrown, String method) {
        return switch (thrown) {
            case ApprenticeException known -> known(known, method);
            case StatusRuntimeException status
            when status.getCause() instanceof InvalidProtocolBufferException ->
                of(
                        new InvalidRequestException(
                                "unreadable_message",
                                "the message is not of this method's type, or nested too deep",
                                Fault.of("message", "a message of this method", "something else")),
                        method);
            case StatusRuntimeException status -> status;
            case StatusException status ->
                new StatusRuntimeException(
                        status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
            default -> {
                LOG.log(Level.ERROR, "event=call_failed method=" + method + " code=internal", thrown);
                yield Status.INTERNAL.withDescription("a fault of the server").asRuntimeException();
            }
        };
    }

    /**
     * {@code description} as a header can carry it: not too long for clients who take 8 KiB of headers, and encoded
     * (gRPC over HTTP/2, "Percent-Encoded"), which Helidon leaves to us.
     */
    static String inHeader(String description) {
        var encoded = new StringBuilder();
        for (var octet : shortened(description).getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    private static String shortened(String text) {
        if (text.length() <= TEXT_CHARS_MAX) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(TEXT_CHARS_MAX - 1)) ? TEXT_CHARS_MAX - 1 : TEXT_CHARS_MAX;
        return text.substring(0, end) + "…";
    }

    private static StatusRuntimeException known(ApprenticeException error, String method) {
        var code = code(error);
        if (code == Code.INTERNAL) {
            LOG.log(Level.ERROR, "event=call_failed method=" + method + " code=" + error.code(), error);
        }
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(shortened(String.valueOf(error.getMessage())))
                .addDetails(Any.pack(info(error)));
        var field = error.field();
        if (field != null) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                            .setField(shortened(field))
                            .setReason(error.code())
                            .setDescription(shortened(String.valueOf(error.getMessage()))))
                    .build()));
        }
        switch (error) {
            case OverloadedException overloaded ->
                status.addDetails(retry(
                        overloaded.retryAfter().toSeconds(),
                        overloaded.retryAfter().toNanosPart()));
            case UnavailableException _, FetchFailedException _ ->
                status.addDetails(retry(UNAVAILABLE_RETRY_SECONDS, 0));
            default -> {}
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static ErrorInfo info(ApprenticeException error) {
        var info = ErrorInfo.newBuilder()
                .setReason(error.code())
                .setDomain("apprentice")
                .putMetadata("http_status", Integer.toString(Refusal.of(error).status())); // finer than the codes are
        var expected = error.expected();
        if (expected != null) {
            info.putMetadata("expected", shortened(expected));
        }
        var found = error.found();
        if (found != null) {
            info.putMetadata("found", shortened(found));
        }
        return info.build();
    }

    private static Any retry(long seconds, int nanos) {
        return Any.pack(RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
                .build());
    }

    private static Code code(ApprenticeException error) {
        return switch (error) {
            case InvalidRequestException _ -> Code.INVALID_ARGUMENT;
            case UnauthenticatedException _ -> Code.UNAUTHENTICATED;
            case ForbiddenException _ -> Code.PERMISSION_DENIED;
            case NotFoundException _ -> Code.NOT_FOUND;
            case ConflictException _, GoneException _, UnprocessableException _ -> Code.FAILED_PRECONDITION;
            case TooLargeException _, OverloadedException _ -> Code.RESOURCE_EXHAUSTED;
            case FailedException _, BadModelException _ -> Code.INTERNAL;
            case NotBuiltException _ -> Code.UNIMPLEMENTED;
            case FetchFailedException _, UnavailableException _ -> Code.UNAVAILABLE;
        };
    }
}
