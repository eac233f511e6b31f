package dev.apprentice.server.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** How one connection asks, one request after the other, and tells when it has been answered. Used by one thread. */
interface Dialect {
    /** What a fresh connection says before its first request; may be empty. */
    ByteBuffer greeting();

    /** The next request. */
    ByteBuffer request();

    /**
     * Reads all of what came.
     *
     * @return whether the request is answered now
     * @throws IOException if the answer is not a good one
     */
    boolean take(ByteBuffer came) throws IOException;

    /** What has to be said because of what came; mostly empty. */
    ByteBuffer owed();
}
