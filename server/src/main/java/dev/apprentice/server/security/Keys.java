package dev.apprentice.server.security;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of one data folder. The command line and a running server may both change them; a change of another process
 * is seen within a second. Once a server has seen a key it never again serves without one: keys that are all revoked,
 * or a file that has gone, open nothing. Safe for use by many threads.
 */
public final class Keys {
    private static final Logger LOG = System.getLogger(Keys.class.getName());
    private static final long LOOK_EVERY_MS = 1000;

    private final KeyFile file;
    private final Seams seams;
    private final AtomicReference<Known> known;

    /** What was last read, and when it was last compared with the file. */
    private record Known(Map<String, Key> byId, KeyFile.Stamp stamp, long lookedMs) {}

    /**
     * A new key, with what nobody will see again.
     *
     * @param key as it is kept
     * @param secret the key itself
     */
    public record Issued(Key key, String secret) {
        /** Never shows the key. */
        @Override
        public String toString() {
            return "Issued[" + key.id() + "]";
        }
    }

    private Keys(KeyFile file, Seams seams) {
        this.file = file;
        this.seams = seams;
        this.known = new AtomicReference<>(read());
    }

    /**
     * The keys in folder {@code data}.
     *
     * @throws FailedException code {@code keys_unusable} if they are there and cannot be read
     */
    public static Keys open(Path data, Seams seams) {
        return new Keys(new KeyFile(data), seams);
    }

    /** Whether a server on folder {@code data} asks for keys; so it also does where their file cannot be read. */
    public static boolean existIn(Path data) {
        try {
            return !new KeyFile(data).read().isEmpty();
        } catch (FailedException e) {
            return true; // opening them tells why
        }
    }

    /** Whether there has ever been one. */
    public boolean exist() {
        return !current().isEmpty();
    }

    /** All of them, the oldest first. */
    public List<Key> list() {
        return current().values().stream()
                .sorted(Comparator.comparing(Key::created).thenComparing(Key::id))
                .toList();
    }

    /** Makes a key; durable when it returns. */
    public Issued create(KeyDraft draft) {
        var random = new StringBuilder();
        for (var i = 0; i < 5; i++) { // 48 bits of name and 256 that nobody knows
            random.append("%016x".formatted(seams.seeds().get()));
        }
        var id = Key.PREFIX + random.substring(0, Key.ID_LENGTH - Key.PREFIX.length());
        var secret = id + "_" + random.substring(16);
        var now = seams.clock().instant();
        var key = new Key(
                id,
                draft.name() == null ? id : draft.name(),
                Key.hash(secret),
                draft.scopes(),
                draft.instances(),
                draft.limits(),
                now,
                draft.life() == null ? null : now.plus(draft.life()),
                null);
        change(keys -> {
            var more = new ArrayList<>(keys);
            more.add(key);
            return more;
        });
        return new Issued(key, secret);
    }

    /**
     * Makes key {@code id} good for nothing; durable when it returns.
     *
     * @throws NotFoundException code {@code key_not_found}
     */
    public Key revoke(String id) {
        var now = seams.clock().instant();
        change(keys -> {
            if (keys.stream().noneMatch(key -> key.id().equals(id))) {
                throw new NotFoundException(
                        "key_not_found", "there is no key '" + id + "'", Fault.of("id", "an existing key's id", id));
            }
            return keys.stream()
                    .map(key -> key.id().equals(id) && key.revoked() == null ? key.revokedAt(now) : key)
                    .toList();
        });
        return java.util.Objects.requireNonNull(current().get(id));
    }

    /** The key that {@code secret} is, if it is one that is good now. */
    Optional<Key> find(String secret) {
        if (secret.length() <= Key.ID_LENGTH) {
            return Optional.empty();
        }
        var key = current().get(secret.substring(0, Key.ID_LENGTH));
        return key != null && key.is(secret) && key.isGood(seams.clock().instant())
                ? Optional.of(key)
                : Optional.empty();
    }

    private void change(java.util.function.UnaryOperator<List<Key>> change) {
        file.change(change);
        known.set(read());
    }

    private Map<String, Key> current() {
        var now = known.get();
        var ms = seams.clock().millis();
        if (Math.abs(ms - now.lookedMs) < LOOK_EVERY_MS
                || !known.compareAndSet(now, new Known(now.byId, now.stamp, ms))) {
            return now.byId; // looked at a moment ago, or being looked at by another thread
        }
        try {
            var stamp = file.stamp();
            if (stamp.equals(KeyFile.Stamp.ABSENT) || stamp.equals(now.stamp)) {
                return now.byId;
            }
            var fresh = read();
            if (fresh.byId.isEmpty()) {
                return now.byId;
            }
            LOG.log(Level.INFO, "event=keys_changed keys=" + fresh.byId.size());
            known.set(fresh);
            return fresh.byId;
        } catch (FailedException e) {
            LOG.log(Level.ERROR, "event=keys_unusable going_on_with=" + now.byId.size() + " reason=" + e.getMessage());
            return now.byId;
        }
    }

    private Known read() {
        var stamp = file.stamp(); // before the content: what changes in between is read again
        var byId = file.read().stream().collect(Collectors.toUnmodifiableMap(Key::id, Function.identity()));
        return new Known(byId, stamp, seams.clock().millis());
    }
}
