package dev.apprentice.engine.batch;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.decoder.CacheBlocks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of one row's blocks: SHA-256 over the name of the block before (of the first: over who reads) and the
 * block's own tokens. Not thread-safe.
 */
final class BlockNames {
    private final MessageDigest sha256 = sha256();
    private final List<String> names = new ArrayList<>();
    private final ByteBuffer block = ByteBuffer.allocate(CacheBlocks.TOKENS * Integer.BYTES);
    private byte[] before;

    /** Names of what {@code tenant} reads with {@code adapter}, null being the bare base. */
    BlockNames(String tenant, @Nullable AdapterRef adapter) {
        part(tenant);
        if (adapter != null) {
            part(adapter.digest());
            part(adapter.folder().toString()); // equal tensors under another configuration are scaled otherwise
        }
        before = sha256.digest();
    }

    private void part(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        sha256.update(bytes);
    }

    /** The row goes on with {@code token}. */
    void add(int token) {
        block.putInt(token);
        if (!block.hasRemaining()) {
            sha256.update(before);
            sha256.update(block.flip());
            before = sha256.digest();
            names.add(HexFormat.of().formatHex(before));
            block.clear();
        }
    }

    /** How many blocks are whole. */
    int whole() {
        return names.size();
    }

    /** The name of the block with this number, from 0. */
    String name(int number) {
        return names.get(number);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
