package dev.apprentice.client;

import java.util.Objects;

/**
 * Where API keys come from. Asked before every try of every call, by the thread that calls, so that keys can be
 * rotated; it should answer from memory. Thread-safe.
 */
@FunctionalInterface
public interface TokenProvider {
    /** {@return the key to send now, {@code ak_…}} */
    String token();

    /**
     * Always this key.
     *
     * @param token the key, {@code ak_…}
     * @return a provider that never changes its mind
     */
    static TokenProvider of(String token) {
        Objects.requireNonNull(token, "token");
        return () -> token;
    }
}
