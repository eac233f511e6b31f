package dev.apprentice.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole answers of every door. */
public final class Reply {
    private static final String JSON = "application/json";

    private Reply() {}

    /** 200 with {@code value} as JSON. */
    public static void ok(ServerResponse response, Object value) {
        json(response, 200, value);
    }

    /** 201 with {@code value} as JSON, which now stands at {@code location}. */
    public static void created(ServerResponse response, String location, Object value) {
        response.header(HeaderNames.LOCATION, location);
        json(response, 201, value);
    }

    /** 202: it is durable, what follows from it is still to come. */
    public static void accepted(ServerResponse response, Object value) {
        json(response, 202, value);
    }

    /** 204: it is gone. */
    public static void noContent(ServerResponse response) {
        Gone.orThrow(() -> response.status(Status.NO_CONTENT_204).send());
    }

    /** Part of a list, and where the next part begins. */
    public static void page(ServerResponse response, List<? extends JsonNode> data, @Nullable String next) {
        var page = Wire.object();
        page.putArray("data").addAll(data);
        ok(response, page.put("next", next));
    }

    /** {@code body} as it is. */
    public static void bytes(ServerResponse response, String contentType, byte[] body) {
        response.header(HeaderNames.CONTENT_TYPE, contentType);
        Gone.orThrow(() -> response.send(body));
    }

    /** Any status with {@code value} as JSON. */
    public static void json(ServerResponse response, int status, Object value) {
        response.status(status);
        bytes(response, JSON, Wire.bytes(value));
    }
}
