package dev.apprentice.engine.sampling;

import dev.apprentice.engine.text.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The bytes of all tokens that a text may hold, in alphabetical order, so that what begins alike is walked once.
 * Control tokens and empty ones are left out. Safe for any thread.
 */
public final class Vocabulary {
    private final byte[][] bytes;
    private final int[] order;
    private final int longest;

    /** The vocabulary of {@code tokenizer}. */
    public Vocabulary(Tokenizer tokenizer) {
        this(IntStream.range(0, tokenizer.size())
                .mapToObj(id -> tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytes(id))
                .toArray(byte[][]::new));
    }

    Vocabulary(byte[][] bytes) {
        this.bytes = bytes;
        this.order = IntStream.range(0, bytes.length)
                .filter(this::has)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> bytes[id], Arrays::compareUnsigned))
                .mapToInt(id -> id)
                .toArray();
        this.longest =
                Arrays.stream(bytes).mapToInt(token -> token.length).max().orElse(0);
    }

    boolean has(int token) {
        return token < bytes.length && bytes[token].length > 0;
    }

    byte[] bytes(int token) {
        return bytes[token];
    }

    /** The tokens whose bytes lead on from {@code from}. */
    BitSet allowed(Grammar.State from) {
        var allowed = new BitSet(bytes.length);
        var path = new Grammar.State[longest + 1];
        path[0] = from;
        byte[] before = {};
        int valid = 0;
        for (int id : order) {
            var token = bytes[id];
            int common = Math.max(0, Arrays.mismatch(before, token));
            int at = Math.min(common, valid);
            // the token before had broken off within what both have in common
            boolean dead = common > valid;
            while (!dead && at < token.length) {
                var next = path[at].step(token[at] & 0xFF);
                if (next == null) {
                    dead = true;
                } else {
                    path[++at] = next;
                }
            }
            if (!dead && at == token.length) {
                allowed.set(id);
            }
            valid = common > valid ? valid : at;
            before = token;
        }
        return allowed;
    }
}
