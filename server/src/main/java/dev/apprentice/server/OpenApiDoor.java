package dev.apprentice.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The description of everything that can be asked for, in OpenAPI 3.1: JSON, or YAML for whoever accepts only that. */
final class OpenApiDoor {
    private static final String RESOURCE = "openapi.yaml";

    private final byte[] yaml;
    private final JsonNode json;

    /** Reads the description that lies beside this class. */
    OpenApiDoor() {
        try (var resource = Objects.requireNonNull(OpenApiDoor.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            this.yaml = resource.readAllBytes();
            this.json = YAMLMapper.builder().build().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    void routing(Routes routes) {
        routes.get("/openapi", this::describe);
    }

    private void describe(ServerRequest request, ServerResponse response) {
        var accept = request.headers().first(HeaderNames.ACCEPT).orElse("");
        if (accept.contains("yaml") && !accept.contains("json")) {
            Reply.bytes(response, "application/yaml", yaml);
        } else {
            Reply.ok(response, json);
        }
    }
}
