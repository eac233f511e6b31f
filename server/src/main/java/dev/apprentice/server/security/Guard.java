package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ForbiddenException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.UnauthenticatedException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells who asks, lets pass who may, and writes down what administrators do. Safe for use by many threads. */
public final class Guard {
    /** Whoever comes without a key to what is open. */
    private static final Caller NOBODY = new Caller("nobody", "nobody", Set.of(), Set.of(), Meter.FREE);

    private final @Nullable Keys keys;
    private final @Nullable Journal journal;
    private final Clock clock;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();

    private Guard(@Nullable Keys keys, @Nullable Journal journal, Clock clock) {
        this.keys = keys;
        this.journal = journal;
        this.clock = clock;
    }

    /** A guard for whom there never are keys: everybody is {@link Caller#LOCAL}, whatever he sends. */
    public static Guard withoutKeys() {
        return new Guard(null, null, Seams.real().clock());
    }

    /** The guard over {@code keys}; as long as there are none everybody is {@link Caller#LOCAL}. */
    public static Guard of(Keys keys, Journal journal, Seams seams) {
        return new Guard(keys, journal, seams.clock());
    }

    /** The guard of the server on folder {@code data}. */
    public static Guard open(Path data, Seams seams) {
        return of(Keys.open(data, seams), new Journal(data, seams), seams);
    }

    /** Whether keys are asked for. */
    public boolean hasKeys() {
        return keys != null && keys.exist();
    }

    /**
     * Who sent {@code credentials}, if he may do what needs {@code access} and has not used up his limits. Counts the
     * request.
     *
     * @throws UnauthenticatedException if there is no good key
     * @throws ForbiddenException if the key lacks the scope
     * @throws dev.apprentice.engine.OverloadedException if the key's limit is used up
     */
    public Caller admit(Credentials credentials, Access access) {
        var caller = identify(credentials, access);
        caller.meter().begin();
        return caller;
    }

    /**
     * The same without counting: who wants to tell of the limits counts himself, with {@link Meter#begin}.
     *
     * @throws UnauthenticatedException if there is no good key
     * @throws ForbiddenException if the key lacks the scope
     */
    public Caller identify(Credentials credentials, Access access) {
        if (keys == null || !keys.exist()) {
            return Caller.LOCAL;
        }
        if (access == Access.OPEN) {
            return NOBODY;
        }
        var secret = credentials
                .key()
                .orElseThrow(() -> new UnauthenticatedException(
                        "missing_api_key", "a key is needed: Authorization: Bearer ak_… or x-api-key: ak_…"));
        var key = keys.find(secret)
                .orElseThrow(() ->
                        new UnauthenticatedException("invalid_api_key", "the key is unknown, expired or revoked"));
        if (!access.isGivenBy(key)) {
            throw lacking(key, access);
        }
        var meter = meters.computeIfAbsent(key.id(), _ -> Meter.of(key.limits(), clock));
        return new Caller(key.name(), key.id(), key.scopes(), key.instances(), meter);
    }

    /**
     * Writes down that {@code caller} begins to change something that is an administrator's; see {@link Journal#begin}.
     */
    public Act act(Caller caller, String action, String on, String request) {
        return journal == null ? Act.UNRECORDED : journal.begin(caller, action, on, request);
    }

    private static ForbiddenException lacking(Key key, Access access) {
        var has = new TreeSet<>(key.scopes()).stream().map(Scope::word).collect(Collectors.joining(", "))
                + (key.instances() == null ? "" : " for some instances");
        return new ForbiddenException(
                "missing_scope",
                "this needs a key with scope " + access.words() + "; this one has " + has,
                Fault.of("scope", access.words(), has));
    }
}
