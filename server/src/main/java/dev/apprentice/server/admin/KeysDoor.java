package dev.apprentice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Query;
import dev.apprentice.server.http.Reply;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.security.Journal;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.KeyJson;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The server's keys, and the journal of what was done with those that may administer. */
public final class KeysDoor {
    private static final int LIMIT_MAX = 1_000_000_000;
    private static final long LIFE_MS_MAX = Duration.ofDays(3660).toMillis();
    private static final Set<String> SCOPES =
            Set.of(Scope.values()).stream().map(Scope::word).collect(Collectors.toUnmodifiableSet());

    private final Keys keys;
    private final Journal journal;
    private final int bodyBytesMax;

    /** The door to {@code keys} and {@code journal}. */
    public KeysDoor(Keys keys, Journal journal, int bodyBytesMax) {
        this.keys = keys;
        this.journal = journal;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** What can be asked for here. */
    public void routing(Routes routes) {
        routes.post("/v1/keys", this::create);
        routes.get("/v1/keys", this::list);
        routes.delete("/v1/keys/{id}", this::revoke);
        routes.get("/v1/audit", this::audit);
    }

    private void create(ServerRequest request, ServerResponse response) {
        var body = Body.json(request, bodyBytesMax);
        body.only(Set.of("name", "scopes", "instances", "expires_in_ms", "requests_per_minute", "tokens_per_minute"));
        var issued = keys.create(new KeyDraft(
                body.string("name").orElse(null),
                scopes(body),
                body.has("instances") ? texts(body, "instances") : null,
                body.whole("expires_in_ms", 1, LIFE_MS_MAX)
                        .map(Duration::ofMillis)
                        .orElse(null),
                new Limits(
                        body.integer("requests_per_minute", 1, LIMIT_MAX).orElse(null),
                        body.integer("tokens_per_minute", 1, LIMIT_MAX).orElse(null))));
        var json = KeyJson.of(issued.key()).put("key", issued.secret());
        Reply.created(response, "/v1/keys/" + issued.key().id(), json);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Reply.page(response, keys.list().stream().map(KeyJson::of).toList(), null);
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        keys.revoke(request.path().pathParameters().get("id"));
        Reply.noContent(response);
    }

    private void audit(ServerRequest request, ServerResponse response) {
        var part = journal.read(after(request), Query.limit(request));
        Reply.page(response, part.entries(), part.next() == 0 ? null : Long.toString(part.next()));
    }

    private static long after(ServerRequest request) {
        var text = Query.text(request, "after").orElse("0");
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            var expected = "the next of an earlier answer";
            throw new InvalidRequestException(
                    "invalid_value",
                    "after must be " + expected + ", found " + text,
                    Fault.of("after", expected, text),
                    e);
        }
    }

    private static Set<Scope> scopes(Fields body) {
        var scopes = new HashSet<Scope>();
        for (var word : texts(body, "scopes")) {
            if (!SCOPES.contains(word)) {
                var expected = "a list of " + Fields.oneOf(SCOPES);
                throw new InvalidRequestException(
                        "invalid_value",
                        "scopes must be " + expected + ", found '" + word + "'",
                        Fault.of("scopes", expected, word));
            }
            scopes.add(Scope.valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return scopes;
    }

    private static Set<String> texts(Fields body, String field) {
        var list = body.list(field).orElseThrow(() -> body.missing(field, "a list of strings"));
        if (!list.stream().allMatch(JsonNode::isTextual)) {
            throw body.wrongValue(field, "a list of strings", body.value(field).orElseThrow());
        }
        return list.stream().map(JsonNode::textValue).collect(Collectors.toSet());
    }
}
