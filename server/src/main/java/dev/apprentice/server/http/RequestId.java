package dev.apprentice.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/** Gives every request an id, which the answer carries and the log names. */
public final class RequestId {
    private static final HeaderName HEADER = HeaderNames.create("x-request-id");
    private static final HeaderName ANTHROPIC_HEADER = HeaderNames.create("request-id");
    private static final Logger LOG = System.getLogger(RequestId.class.getName());

    private RequestId() {}

    /** The filter that gives ids from {@code ids} and logs how each request ended. */
    public static Filter filter(Supplier<String> ids) {
        return (chain, request, response) -> {
            var id = "req_" + ids.get();
            response.header(HEADER, id);
            if (ErrorShape.at(request.path().path()) == ErrorShape.ANTHROPIC) {
                response.header(ANTHROPIC_HEADER, id); // where Anthropic's clients look for it
            }
            var start = System.nanoTime();
            try {
                chain.proceed();
            } finally {
                LOG.log(
                        Level.DEBUG,
                        () -> "event=request request=" + of(response)
                                + " method=" + request.prologue().method().text()
                                + " path=" + request.path().rawPath()
                                + " status=" + response.status().code()
                                + " ms=" + (System.nanoTime() - start) / 1_000_000);
            }
        };
    }

    /** The id of the request that {@code response} answers. */
    static String of(ServerResponse response) {
        return response.headers().first(HEADER).orElse("none");
    }
}
