package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The fingerprint that a file must have.
 *
 * @param kind how it is computed
 * @param hex lower-case hexadecimal
 */
record FileDigest(Kind kind, String hex) {

    /** The hub gives SHA-256 for big files and git's blob hash for small ones. */
    enum Kind {
        SHA256("SHA-256", 64),
        GIT_BLOB("SHA-1", 40);

        private final String algorithm;
        private final int digits;

        Kind(String algorithm, int digits) {
            this.algorithm = algorithm;
            this.digits = digits;
        }
    }

    FileDigest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{" + kind.digits + "}")) {
            throw new IllegalArgumentException("hex must be " + kind.digits + " hexadecimal digits, not '" + hex + "'");
        }
    }

    static FileDigest sha256(String hex) {
        return new FileDigest(Kind.SHA256, hex);
    }

    static FileDigest gitBlob(String hex) {
        return new FileDigest(Kind.GIT_BLOB, hex);
    }

    /** Reads all of {@code file}. */
    static FileDigest of(Kind kind, Path file) throws IOException {
        var digest = algorithm(kind);
        if (kind == Kind.GIT_BLOB) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        try (var channel = FileChannel.open(file)) {
            var buffer = ByteBuffer.allocateDirect(1 << 18);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return new FileDigest(kind, HexFormat.of().formatHex(digest.digest()));
    }

    boolean isOf(Path file) throws IOException {
        return of(kind, file).equals(this);
    }

    private static MessageDigest algorithm(Kind kind) {
        try {
            return MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1 and SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return (kind == Kind.SHA256 ? "sha256:" : "git:") + hex;
    }
}
