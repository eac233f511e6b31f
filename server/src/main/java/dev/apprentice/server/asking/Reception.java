package dev.apprentice.server.asking;

import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.EventStream;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Presence;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a door works with through which agents are asked.
 *
 * @param asker asks them
 * @param sampling reads how tokens are chosen
 * @param presence notices who leaves before his answer is whole
 * @param bodyBytesMax largest body
 * @param commentEvery how long a stream may be silent
 */
public record Reception(
        Asker asker, SamplingFields sampling, Presence presence, int bodyBytesMax, Duration commentEvery) {
    private static final HeaderName EPISODE = HeaderNames.create("Apprentice-Episode");

    /** The JSON object that {@code request} brings. */
    public Fields body(ServerRequest request) {
        return Body.json(request, bodyBytesMax);
    }

    /** Starts a stream of events on {@code response}. */
    public EventStream events(ServerResponse response) {
        return EventStream.on(response, commentEvery);
    }

    /** The task that {@code request} says in a header that it belongs to, or null. */
    public static @Nullable String episode(ServerRequest request) {
        return request.headers().first(EPISODE).orElse(null);
    }
}
