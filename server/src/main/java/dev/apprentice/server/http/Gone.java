package dev.apprentice.server.http;

import io.helidon.http.http2.Http2Exception;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;

/** Tells what is thrown where an answer is written to nobody: over HTTP/2 Helidon has several words for it. */
final class Gone {
    private Gone() {}

    /** Does {@code write}, which fails with a {@link CloseConnectionException} where the client has gone. */
    static void orThrow(Runnable write) {
        try {
            write.run();
        } catch (UncheckedIOException | Http2Exception e) { // the latter where an interruption ends a wait for a window
            throw new CloseConnectionException("the client has gone", e);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof InterruptedException) { // out of Helidon's wait for the connection's lock
                throw new CloseConnectionException("the client has gone", e);
            }
            throw e;
        }
    }
}
