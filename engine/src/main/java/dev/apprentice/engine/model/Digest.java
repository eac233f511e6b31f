package dev.apprentice.engine.model;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** SHA-256 in lower-case hexadecimal, of what a model is made of. */
final class Digest {
    private static final long CHUNK = 1 << 20;

    private Digest() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static String of(MemorySegment bytes) {
        var digest = sha256();
        for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
            digest.update(
                    bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A single file's own digest; of several, the digest of the list that {@code sha256sum} prints, by file name. */
    static String of(List<MappedFile> files) {
        if (files.size() == 1) {
            return of(files.getFirst().bytes());
        }
        var lines = files.stream()
                .map(file -> of(file.bytes()) + "  " + file.path().getFileName() + "\n")
                .sorted(java.util.Comparator.comparing(line -> line.substring(64)))
                .toList();
        return of(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    }

    /** Of names and texts, each ended by a zero byte. */
    static String of(Map<String, String> texts) {
        var digest = sha256();
        texts.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(text -> {
            digest.update(text.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(text.getValue().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
