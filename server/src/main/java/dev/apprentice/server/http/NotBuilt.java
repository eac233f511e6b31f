package dev.apprentice.server.http;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import io.helidon.webserver.http.Handler;

/** Answers for what docs/api.md describes and nobody has built: 501 that says so, never a pretended success. */
public final class NotBuilt {
    private NotBuilt() {}

    /** Refuses, naming {@code what}. */
    public static Handler handler(String what) {
        return (_, _) -> {
            throw new NotBuiltException("not_built", what + " is not built yet", Fault.NONE);
        };
    }
}
