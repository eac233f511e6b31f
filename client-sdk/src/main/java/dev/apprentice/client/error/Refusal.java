package dev.apprentice.client.error;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server said when it refused: the same over HTTP, in either error shape, and over gRPC. */
public final class Refusal implements Serializable {
    private static final long serialVersionUID = 1;

    /** An HTTP status. */
    private final int status;

    /** A word in snake_case. */
    private final String code;

    /** One sentence. */
    private final String message;

    /** The field to blame, or null. */
    private final @Nullable String field;

    /** What would have been right, or null. */
    private final @Nullable String expected;

    /** What was there instead, or null. */
    private final @Nullable String found;

    /** The server's id of the request, or null. */
    private final @Nullable String requestId;

    /** How long to wait, or null. */
    private final @Nullable Duration retryAfter;

    /** What the server said of a retry, or null. */
    private final @Nullable Boolean shouldRetry;

    /** Whether part of an answer had been sent. */
    private final boolean afterBeginning;

    private Refusal(Builder builder) {
        status = builder.status;
        code = builder.code;
        message = builder.message;
        field = builder.field;
        expected = builder.expected;
        found = builder.found;
        requestId = builder.requestId;
        retryAfter = builder.retryAfter;
        shouldRetry = builder.shouldRetry;
        afterBeginning = builder.afterBeginning;
    }

    /**
     * Begins a refusal with the HTTP status {@code status}.
     *
     * @param status an HTTP status from 400 to 599
     * @return a builder
     */
    public static Builder builder(int status) {
        return new Builder(status);
    }

    /** {@return the HTTP status, or the one of the same meaning} */
    public int status() {
        return status;
    }

    /** {@return a stable word in snake_case} */
    public String code() {
        return code;
    }

    /** {@return one sentence for a person} */
    public String message() {
        return message;
    }

    /** {@return the field to blame} */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** {@return what would have been right} */
    public Optional<String> expected() {
        return Optional.ofNullable(expected);
    }

    /** {@return what was there instead} */
    public Optional<String> found() {
        return Optional.ofNullable(found);
    }

    /** {@return the id under which the server's log knows the request} */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** {@return how long to wait before the next try} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@return whether a retry makes sense, where the server said so outright} */
    public Optional<Boolean> shouldRetry() {
        return Optional.ofNullable(shouldRetry);
    }

    /** {@return whether part of an answer had been sent when the server said so, so that something was done} */
    public boolean afterBeginning() {
        return afterBeginning;
    }

    /**
     * The exception of the type that belongs to the status.
     *
     * @return the exception, to be thrown
     */
    public RefusedException exception() {
        return switch (status) {
            case 401 -> new UnauthenticatedException(this);
            case 403 -> new ForbiddenException(this);
            case 404 -> new NotFoundException(this);
            case 409 -> new ConflictException(this);
            case 410 -> new GoneException(this);
            case 413 -> new TooLargeException(this);
            case 422 -> new UnprocessableException(this);
            case 429 -> new RateLimitedException(this);
            case 503 -> new UnavailableException(this);
            default -> status >= 500 ? new ServerFaultException(this) : new InvalidRequestException(this);
        };
    }

    @Override
    public String toString() {
        return "Refusal[status=" + status + ", code=" + code + ", field=" + field + ", request=" + requestId + "]";
    }

    /** Puts a refusal together. */
    public static final class Builder {
        private final int status;
        private String code;
        private String message;
        private @Nullable String field;
        private @Nullable String expected;
        private @Nullable String found;
        private @Nullable String requestId;
        private @Nullable Duration retryAfter;
        private @Nullable Boolean shouldRetry;
        private boolean afterBeginning;

        private Builder(int status) {
            this.status = status;
            code = "status_" + status;
            message = "the server answered with status " + status;
        }

        /**
         * A stable word in snake_case; {@code status_418} and the like if none is given.
         *
         * @param code a word in snake_case
         * @return this builder
         */
        public Builder code(String code) {
            this.code = Objects.requireNonNull(code, "code");
            return this;
        }

        /**
         * One sentence for a person.
         *
         * @param message one sentence
         * @return this builder
         */
        public Builder message(String message) {
            this.message = Objects.requireNonNull(message, "message");
            return this;
        }

        /**
         * The field to blame.
         *
         * @param field a path such as {@code messages[0].content}, or null
         * @return this builder
         */
        public Builder field(@Nullable String field) {
            this.field = field;
            return this;
        }

        /**
         * What would have been right.
         *
         * @param expected or null
         * @return this builder
         */
        public Builder expected(@Nullable String expected) {
            this.expected = expected;
            return this;
        }

        /**
         * What was there instead.
         *
         * @param found or null
         * @return this builder
         */
        public Builder found(@Nullable String found) {
            this.found = found;
            return this;
        }

        /**
         * The id under which the server's log knows the request.
         *
         * @param requestId or null
         * @return this builder
         */
        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        /**
         * How long to wait before the next try.
         *
         * @param retryAfter or null
         * @return this builder
         */
        public Builder retryAfter(@Nullable Duration retryAfter) {
            this.retryAfter = retryAfter;
            return this;
        }

        /**
         * What the server said outright of a retry.
         *
         * @param shouldRetry or null where it said nothing
         * @return this builder
         */
        public Builder shouldRetry(@Nullable Boolean shouldRetry) {
            this.shouldRetry = shouldRetry;
            return this;
        }

        /**
         * Whether part of an answer had been sent already.
         *
         * @param afterBeginning false if nothing is said
         * @return this builder
         */
        public Builder afterBeginning(boolean afterBeginning) {
            this.afterBeginning = afterBeginning;
            return this;
        }

        /**
         * The refusal.
         *
         * @return the refusal
         */
        public Refusal build() {
            return new Refusal(this);
        }
    }
}
