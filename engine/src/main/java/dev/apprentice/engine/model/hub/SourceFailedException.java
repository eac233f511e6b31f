package dev.apprentice.engine.model.hub;

import org.jspecify.annotations.Nullable;

/** This source cannot give the file; the message says why, in words that end up before a person. Try the next one. */
final class SourceFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    SourceFailedException(String reason) {
        this(reason, null);
    }

    SourceFailedException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** The message, which is never absent here. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
