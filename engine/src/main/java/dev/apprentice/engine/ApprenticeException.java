package dev.apprentice.engine;

import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong and that a caller can act upon, one type for each thing the caller can do. Every error
 * has a stable {@link #code()}, and where one value is to blame, the {@link #field()} that held it, what was
 * {@linkplain #expected() expected} and what was {@linkplain #found() found}. HTTP, gRPC and the command line map these
 * types by exhaustive switches.
 */
public abstract sealed class ApprenticeException extends RuntimeException
        permits InvalidRequestException,
                UnauthenticatedException,
                ForbiddenException,
                UnprocessableException,
                NotFoundException,
                ConflictException,
                GoneException,
                TooLargeException,
                OverloadedException,
                UnavailableException,
                NotBuiltException,
                BadModelException,
                FetchFailedException,
                FailedException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final @Nullable String field;
    private final @Nullable String expected;
    private final @Nullable String found;

    ApprenticeException(String code, String message, Fault fault, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = fault.field();
        this.expected = fault.expected();
        this.found = fault.found();
    }

    /** Stable, snake_case, documented; clients may switch on it. */
    public final String code() {
        return code;
    }

    /** The request field, configuration key or tensor to blame, or null where no single value is. */
    public final @Nullable String field() {
        return field;
    }

    /** What would have been right, in words, or null. */
    public final @Nullable String expected() {
        return expected;
    }

    /** What was there instead, shortened where long, or null. */
    public final @Nullable String found() {
        return found;
    }

    /** Where the fault lies: the named value, what was expected of it and what it was. */
    public record Fault(
            @Nullable String field,
            @Nullable String expected,
            @Nullable String found) {
        /** No single value is to blame. */
        public static final Fault NONE = new Fault(null, null, null);

        /** Blames {@code field}, naming no expectation beyond the message. */
        public static Fault at(String field) {
            return new Fault(field, null, null);
        }

        /** Blames {@code field}: {@code expected} was wanted and {@code found} was there. */
        public static Fault of(String field, String expected, String found) {
            return new Fault(field, expected, found);
        }
    }
}
