package dev.apprentice.engine.sampling;

import dev.apprentice.engine.text.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The bytes of all tokens that a text may hold, as a tree in which what begins alike is walked once. Control tokens and
 * empty ones are no part of a text; the former are known by their name. Safe for any thread.
 *
 * <p>The tree lies flat, a parent before its children in the order of their bytes: the nodes from one to the one before
 * {@code past[it]} are the branch that hangs on it.
 */
public final class Vocabulary {
    private static final int QUOTES_MAX = 4;

    private final byte[][] bytes;
    private final Map<String, Integer> controls;
    private final int longest;
    private byte[] key = new byte[1024];
    private int[] depth = new int[1024];
    private int[] past = new int[1024];
    private int[] token = new int[1024];
    private int size;

    /** The tokens with so many quotation marks at least. */
    private final BitSet[] quoted = new BitSet[QUOTES_MAX + 1];

    private final BitSet commas = new BitSet();

    /** Another token of the same bytes, or -1. */
    private final int[] twin;

    /** The vocabulary of {@code tokenizer}. */
    public Vocabulary(Tokenizer tokenizer) {
        this(
                IntStream.range(0, tokenizer.size())
                        .mapToObj(id -> tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytes(id))
                        .toArray(byte[][]::new),
                controls(tokenizer));
    }

    Vocabulary(byte[][] bytes, Map<String, Integer> controls) {
        this.bytes = bytes;
        this.controls = Map.copyOf(controls);
        this.twin = new int[bytes.length];
        Arrays.fill(twin, -1);
        this.longest = Arrays.stream(bytes).mapToInt(each -> each.length).max().orElse(0);
        plant();
        mark();
    }

    private void mark() {
        Arrays.setAll(quoted, _ -> new BitSet(bytes.length));
        for (int id = 0; id < bytes.length; id++) {
            int quotes = 0;
            for (var b : bytes[id]) {
                quotes += b == '"' ? 1 : 0;
                commas.set(id, commas.get(id) || b == ',');
            }
            for (int least = 0; least <= Math.min(quotes, QUOTES_MAX); least++) {
                quoted[least].set(id);
            }
        }
    }

    /** The tokens with at least {@code least} quotation marks, 0 to 4; not to be changed. */
    BitSet quoted(int least) {
        return quoted[least];
    }

    /** The tokens with a comma; not to be changed. */
    BitSet commas() {
        return commas;
    }

    private static Map<String, Integer> controls(Tokenizer tokenizer) {
        var controls = new HashMap<String, Integer>();
        for (int id = 0; id < tokenizer.size(); id++) {
            if (tokenizer.isSpecial(id)) {
                controls.put(tokenizer.decode(new int[] {id}, false), id);
            }
        }
        return controls;
    }

    private void plant() {
        var order = IntStream.range(0, bytes.length)
                .filter(this::has)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> bytes[id], Arrays::compareUnsigned))
                .toList();
        var open = new int[longest + 1];
        int depthNow = 0;
        byte[] before = {};
        for (int id : order) {
            var now = bytes[id];
            int common = Arrays.mismatch(before, now);
            if (common < 0) {
                twin[id] = token[size - 1];
                token[size - 1] = id;
                continue;
            }
            for (; depthNow > common; depthNow--) {
                past[open[depthNow]] = size;
            }
            while (depthNow < now.length) {
                open[depthNow + 1] = node(now[depthNow], ++depthNow);
            }
            token[size - 1] = id;
            before = now;
        }
        for (; depthNow > 0; depthNow--) {
            past[open[depthNow]] = size;
        }
    }

    private int node(byte b, int deep) {
        if (size == key.length) {
            key = Arrays.copyOf(key, size * 2);
            depth = Arrays.copyOf(depth, size * 2);
            past = Arrays.copyOf(past, size * 2);
            token = Arrays.copyOf(token, size * 2);
        }
        key[size] = b;
        depth[size] = deep;
        token[size] = -1;
        return size++;
    }

    boolean has(int id) {
        return id < bytes.length && bytes[id].length > 0;
    }

    byte[] bytes(int id) {
        return bytes[id];
    }

    /** The id of the control token of that name. */
    OptionalInt control(String name) {
        var id = controls.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** How many bytes the longest token has. */
    int longest() {
        return longest;
    }

    /** How many ids there are. */
    int size() {
        return bytes.length;
    }

    /**
     * What a walk over the tree finds.
     *
     * @param sure tokens that lead on whatever is to be said later
     * @param open branches of the tree of which that cannot be told here
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, and never compared
    record Found(BitSet sure, int[] open) {}

    /** The tokens whose bytes lead on from {@code from}. */
    Found walk(Machine.State from) {
        var sure = new BitSet(bytes.length);
        var open = IntStream.builder();
        var path = new Machine.State[longest + 1];
        path[0] = from;
        for (int i = 0; i < size; ) {
            i = visit(i, path, sure, open);
        }
        return new Found(sure, open.build().toArray());
    }

    /** Adds to {@code sure} the tokens of the branches at {@code roots} that lead on from {@code from}. */
    void walk(Machine.State from, int[] roots, BitSet sure) {
        var path = new Machine.State[longest + 1];
        path[0] = from;
        var known = new int[longest + 1];
        Arrays.fill(known, -1);
        for (int root : roots) {
            if (lead(root, path, known)) {
                for (int i = root; i < past[root]; ) {
                    i = visit(i, path, sure, IntStream.builder());
                }
            }
        }
    }

    /** Fills {@code path} up to the parent of {@code root}; false where there is no way. */
    private boolean lead(int root, Machine.State[] path, int[] known) {
        var text = bytes[first(root)];
        int above = depth[root] - 1;
        for (int at = 0; at < above; at++) {
            int step = text[at] & 0xFF;
            if (known[at] != step) {
                Arrays.fill(known, at, known.length, -1);
                var next = path[at].step(step);
                if (next == null) {
                    return false;
                }
                known[at] = step;
                path[at + 1] = next;
            }
        }
        // what hangs below is walked over the same path
        Arrays.fill(known, above, known.length, -1);
        return true;
    }

    /** Some token of the branch. */
    private int first(int root) {
        int at = root;
        while (token[at] < 0) {
            at++;
        }
        return token[at];
    }

    private int visit(int i, Machine.State[] path, BitSet sure, IntStream.Builder open) {
        var next = path[depth[i] - 1].step(key[i] & 0xFF);
        if (next == null) {
            return past[i];
        }
        if (!next.sure()) {
            open.add(i);
            return past[i];
        }
        for (int id = token[i]; id >= 0; id = twin[id]) {
            sure.set(id);
        }
        path[depth[i]] = next;
        return i + 1;
    }
}
