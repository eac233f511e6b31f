package dev.apprentice.server.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is kept: everything but the key itself. What is kept is its SHA-256. A password's hash must be slow,
 * because passwords can be guessed; a key is 256 random bits, of which nobody guesses any, so that one fast hash is as
 * safe and costs a request nothing.
 *
 * @param id {@code ak_} and twelve hexadecimal digits: the key's beginning, which is no secret
 * @param name who uses it
 * @param hash SHA-256 of the whole key, in hexadecimal
 * @param scopes what it is good for
 * @param instances the only ones it is good for, or null for all
 * @param limits how much it may use
 * @param created when
 * @param expires from when on it is good no more, or null
 * @param revoked when it was revoked, or null
 */
public record Key(
        String id,
        String name,
        String hash,
        Set<Scope> scopes,
        @Nullable Set<String> instances,
        Limits limits,
        Instant created,
        @Nullable Instant expires,
        @Nullable Instant revoked) {

    static final String PREFIX = "ak_";
    static final int ID_LENGTH = PREFIX.length() + 12;

    public Key {
        scopes = Set.copyOf(scopes);
        instances = instances == null ? null : Set.copyOf(instances);
    }

    /** Whether {@code secret} is this key; takes as long for a wrong one as for the right one. */
    boolean is(String secret) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), hash(secret).getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it can be used at {@code now}. */
    public boolean isGood(Instant now) {
        return revoked == null && (expires == null || now.isBefore(expires));
    }

    Key revokedAt(Instant now) {
        return new Key(id, name, hash, scopes, instances, limits, created, expires, now);
    }

    static String hash(String secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
