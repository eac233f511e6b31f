package dev.apprentice.server.security;

/** Where the tokens that an answer took are counted against a key's limit. Safe for use by many threads. */
@FunctionalInterface
public interface Meter {
    /** Counts nothing: there is no limit. */
    Meter FREE = _ -> {};

    /** Counts {@code tokens} of prompt and answer, once they have been used. */
    void charge(long tokens);
}
