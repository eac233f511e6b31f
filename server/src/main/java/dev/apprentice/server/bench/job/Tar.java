package dev.apprentice.server.bench.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads files out of a tar archive (POSIX.1-1988, ustar), as far as npm writes it. */
final class Tar {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE = 12;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX = 155;
    private static final int FILE_BYTES_MAX = 64 << 20;

    private Tar() {}

    /** Those of {@code names} that are in {@code tar}. */
    static Map<String, byte[]> read(InputStream tar, Set<String> names) throws IOException {
        var found = new HashMap<String, byte[]>();
        while (true) {
            var head = tar.readNBytes(BLOCK);
            if (head.length < BLOCK || head[0] == 0) {
                return found;
            }
            var prefix = text(head, PREFIX_AT, PREFIX);
            var name = (prefix.isEmpty() ? "" : prefix + "/") + text(head, 0, NAME);
            long size = Long.parseLong(text(head, SIZE_AT, SIZE).strip(), 8);
            if (size < 0 || size > FILE_BYTES_MAX) {
                throw new IOException("the archive has a file of " + size + " bytes");
            }
            var bytes = tar.readNBytes((int) size);
            tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            if (names.contains(name)) {
                found.put(name, bytes);
            }
        }
    }

    private static String text(byte[] head, int at, int most) {
        int end = at;
        while (end < at + most && head[end] != 0) {
            end++;
        }
        return new String(head, at, end - at, StandardCharsets.UTF_8);
    }
}
