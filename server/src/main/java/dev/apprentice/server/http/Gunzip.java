package dev.apprentice.server.http;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import io.helidon.http.encoding.ContentEncodingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks bodies that come as gzip. What reads them counts unpacked bytes, so that a bomb stops at the same limit as
 * any other body. Answers are never packed: a stream would be held back.
 */
final class Gunzip implements ContentEncoding {
    /** For the listener: gzip comes in, nothing goes out. */
    static ContentEncodingContext context() {
        return ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .addContentEncoding(new Gunzip())
                .build();
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String type() {
        return "gzip";
    }

    @Override
    public Set<String> ids() {
        return Set.of("gzip", "GZIP", "x-gzip"); // RFC 9110 §8.4.1.3: the same, in any case
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return Unpacked::new;
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    /** Looks at the first bytes when they are read, where a body that is no gzip can be refused. */
    private static final class Unpacked extends InputStream {
        private final InputStream packed;
        private @Nullable InputStream unpacked;

        Unpacked(InputStream packed) {
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            return unpacked().read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return unpacked().read(bytes, offset, length);
        }

        /** Skips packed bytes: who skips wants no more of the body, and a bomb is not worth unpacking for that. */
        @Override
        public long skip(long count) throws IOException {
            return packed.skip(count);
        }

        @Override
        public void close() throws IOException {
            packed.close();
        }

        private InputStream unpacked() throws IOException {
            if (unpacked == null) {
                unpacked = new GZIPInputStream(packed);
            }
            return unpacked;
        }
    }
}
