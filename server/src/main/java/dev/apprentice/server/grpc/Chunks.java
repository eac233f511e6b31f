package dev.apprentice.server.grpc;

import com.google.protobuf.ByteString;
import java.util.function.Consumer;

/** Packs bytes into messages of a good size. */
final class Chunks {
    private static final int BYTES = 1 << 18;

    private final Consumer<ByteString> out;
    private final ByteString.Output collected = ByteString.newOutput();

    Chunks(Consumer<ByteString> out) {
        this.out = out;
    }

    /** Takes {@code bytes} in; hands on what has come to be enough for a message. */
    void add(byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            var length = Math.min(BYTES - collected.size(), bytes.length - at);
            collected.write(bytes, at, length);
            at += length;
            if (collected.size() == BYTES) {
                end();
            }
        }
    }

    /** Hands on what is left. */
    void end() {
        if (collected.size() > 0) {
            out.accept(collected.toByteString());
            collected.reset();
        }
    }
}
