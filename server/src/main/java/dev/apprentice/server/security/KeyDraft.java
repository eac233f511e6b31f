package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that somebody wants.
 *
 * @param name who will use it, or null; it is what feedback given with the key is signed with
 * @param scopes what it is good for
 * @param instances the only ones it is good for ({@code base} may be one), or null for all
 * @param life how long it is good, or null for until it is revoked
 * @param limits how much it may use
 */
public record KeyDraft(
        @Nullable String name,
        Set<Scope> scopes,
        @Nullable Set<String> instances,
        @Nullable Duration life,
        Limits limits) {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,63}");
    private static final Pattern INSTANCE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public KeyDraft {
        scopes = Set.copyOf(scopes);
        instances = instances == null ? null : Set.copyOf(instances);
        if (scopes.isEmpty()) {
            throw wrong("scopes", "one or more of ask, teach, admin", "none");
        }
        if (name != null && !NAME.matcher(name).matches()) {
            throw wrong("name", "1 to 64 letters, digits, spaces and . _ @ + -", "'" + name + "'");
        }
        if (instances != null && instances.isEmpty()) {
            throw wrong("instances", "the ids of one or more instances", "none");
        }
        for (var instance : instances == null ? Set.<String>of() : instances) {
            if (!INSTANCE.matcher(instance).matches()) {
                throw wrong("instances", "ids of instances, [a-z0-9][a-z0-9._-]{0,63}", "'" + instance + "'");
            }
        }
        if (life != null && !life.isPositive()) {
            throw wrong("expires", "a time ahead", life.toString());
        }
    }

    private static InvalidRequestException wrong(String field, String expected, String found) {
        return new InvalidRequestException(
                "invalid_value", field + " must be " + expected + ", found " + found, Fault.of(field, expected, found));
    }
}
