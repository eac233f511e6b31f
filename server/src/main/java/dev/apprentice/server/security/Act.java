package dev.apprentice.server.security;

import org.jspecify.annotations.Nullable;

/** Something that an administrator does, written down when it began. */
@FunctionalInterface
public interface Act {
    /** Of a server that has no journal. */
    Act UNRECORDED = (_, _) -> {};

    /**
     * Writes down how it ended.
     *
     * @param outcome a status
     * @param made where what it made now stands, or null
     */
    void ended(String outcome, @Nullable String made);
}
