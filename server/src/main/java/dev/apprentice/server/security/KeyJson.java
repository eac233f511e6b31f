package dev.apprentice.server.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keys as JSON: in the file with their hash, everywhere else without. */
public final class KeyJson {
    private KeyJson() {}

    /** What anybody who may see keys sees of {@code key}. */
    public static ObjectNode of(Key key) {
        var json = Json.strict().createObjectNode().put("id", key.id()).put("name", key.name());
        var scopes = json.putArray("scopes");
        key.scopes().stream().sorted().map(Scope::word).forEach(scopes::add);
        if (key.instances() == null) {
            json.putNull("instances");
        } else {
            var instances = json.putArray("instances");
            new TreeSet<>(key.instances()).forEach(instances::add);
        }
        return json.put("requests_per_minute", key.limits().requestsPerMinute())
                .put("tokens_per_minute", key.limits().tokensPerMinute())
                .put("created", key.created().toString())
                .put("expires", text(key.expires()))
                .put("revoked", text(key.revoked()));
    }

    static ObjectNode kept(Key key) {
        return of(key).put("hash", key.hash());
    }

    /** Reads what {@link #kept} wrote. */
    static Key read(JsonNode json) {
        var scopes = new HashSet<Scope>();
        json.path("scopes").forEach(word -> scopes.add(scope(word.asText())));
        try {
            return new Key(
                    required(json, "id"),
                    required(json, "name"),
                    required(json, "hash"),
                    scopes,
                    instances(json.path("instances")),
                    new Limits(number(json, "requests_per_minute"), number(json, "tokens_per_minute")),
                    Instant.parse(required(json, "created")),
                    time(json, "expires"),
                    time(json, "revoked"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a time is not RFC 3339", e);
        }
    }

    private static Scope scope(String word) {
        return Scope.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Set<String> instances(JsonNode json) {
        if (!json.isArray()) {
            return null;
        }
        var instances = new HashSet<String>();
        json.forEach(instance -> instances.add(instance.asText()));
        return instances;
    }

    private static String required(JsonNode json, String name) {
        if (!json.path(name).isTextual()) {
            throw new IllegalArgumentException("a key lacks " + name);
        }
        return json.path(name).asText();
    }

    private static @Nullable Integer number(JsonNode json, String name) {
        return json.path(name).isInt() ? (Integer) json.path(name).intValue() : null;
    }

    private static @Nullable Instant time(JsonNode json, String name) {
        return json.path(name).isTextual() ? Instant.parse(json.path(name).asText()) : null;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
