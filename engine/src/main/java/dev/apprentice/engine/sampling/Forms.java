package dev.apprentice.engine.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Makes forms of texts and of sets of characters. */
final class Forms {
    static final int LAST = 0x10FFFF;

    private Forms() {}

    static Form text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    private static Form bytes(byte[] bytes, int from) {
        Form form = new Form.Empty();
        for (int i = bytes.length - 1; i >= from; i--) {
            form = new Form.Then(range(bytes[i] & 0xFF, bytes[i] & 0xFF), form);
        }
        return form;
    }

    /** One of {@code texts}, at least one; what begins alike is said once. */
    static Form texts(List<String> texts) {
        var sorted = texts.stream()
                .distinct()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .sorted(Arrays::compareUnsigned)
                .toList();
        return sorted(sorted, 0);
    }

    private static Form sorted(List<byte[]> texts, int from) {
        var first = texts.getFirst();
        if (texts.size() == 1) {
            return bytes(first, from);
        }
        int common = Arrays.mismatch(first, texts.getLast());
        var options = new ArrayList<Form>();
        int begun = 0;
        if (first.length == common) {
            options.add(new Form.Empty());
            begun = 1;
        }
        for (int i = begun + 1; i <= texts.size(); i++) {
            if (i == texts.size() || texts.get(i)[common] != texts.get(begun)[common]) {
                options.add(sorted(texts.subList(begun, i), common));
                begun = i;
            }
        }
        return new Form.Then(bytes(Arrays.copyOf(first, common), from), either(options));
    }

    static Form then(Form... parts) {
        var form = parts[parts.length - 1];
        for (int i = parts.length - 2; i >= 0; i--) {
            form = new Form.Then(parts[i], form);
        }
        return form;
    }

    static Form either(List<Form> options) {
        return options.size() == 1 ? options.getFirst() : new Form.Either(options.toArray(Form[]::new));
    }

    static Form maybe(Form part) {
        return new Form.Times(part, 0, 1);
    }

    static Form.OneByte range(int from, int to) {
        var set = new BitSet(256);
        set.set(from, to + 1);
        return new Form.OneByte(set);
    }

    /** One character of {@code set} in UTF-8; surrogates are no characters. */
    static Form characters(BitSet set) {
        var options = new ArrayList<Form>();
        var ascii = set.get(0, 0x80);
        if (!ascii.isEmpty()) {
            options.add(new Form.OneByte(ascii));
        }
        for (int from = set.nextSetBit(0x80); from >= 0; ) {
            int to = set.nextClearBit(from) - 1;
            split(from, Math.min(to, LAST), options);
            from = set.nextSetBit(to + 1);
        }
        return either(options);
    }

    private static void split(int from, int to, List<Form> out) {
        int[] borders = {0x800, 0xD800, 0xE000, 0x10000};
        for (int border : borders) {
            if (from < border && to >= border) {
                split(from, border - 1, out);
                split(border, to, out);
                return;
            }
        }
        if (from < 0xD800 || from > 0xDFFF) {
            out.add(spread(utf8(from), utf8(to), 0, 0x80, 0xBF));
        }
    }

    private static byte[] utf8(int character) {
        return Character.toString(character).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The sequences between two of equal length, byte by byte, of which all but the first may be from least to most.
     */
    private static Form spread(byte[] from, byte[] to, int at, int least, int most) {
        int low = from[at] & 0xFF;
        int high = to[at] & 0xFF;
        if (at == from.length - 1) {
            return range(low, high);
        }
        if (Arrays.equals(from, filled(from, at, least)) && Arrays.equals(to, filled(to, at, most))) {
            // told apart any further, the ways would double with each byte
            var rest = range(least, most);
            return new Form.Then(range(low, high), new Form.Times(rest, from.length - 1 - at, from.length - 1 - at));
        }
        if (low == high) {
            return new Form.Then(range(low, low), spread(from, to, at + 1, least, most));
        }
        var options = new ArrayList<Form>();
        options.add(new Form.Then(range(low, low), spread(from, filled(to, at, most), at + 1, least, most)));
        if (high - low > 1) {
            options.add(new Form.Then(
                    range(low + 1, high - 1),
                    spread(filled(from, at, least), filled(to, at, most), at + 1, least, most)));
        }
        options.add(new Form.Then(range(high, high), spread(filled(from, at, least), to, at + 1, least, most)));
        return either(options);
    }

    private static byte[] filled(byte[] bytes, int behind, int with) {
        var filled = bytes.clone();
        Arrays.fill(filled, behind + 1, filled.length, (byte) with);
        return filled;
    }

    /** The whole numbers from {@code min} to {@code max} in decimals, with at most 18 digits. */
    static Form integers(long min, long max) {
        var options = new ArrayList<Form>();
        if (min < 0) {
            var below = new ArrayList<Form>();
            naturals(Math.max(1, -max), -min, below);
            options.add(new Form.Then(text("-"), either(below)));
        }
        if (max >= 0) {
            naturals(Math.max(0, min), max, options);
        }
        return either(options);
    }

    private static void naturals(long min, long max, List<Form> out) {
        long lowest = 0;
        long highest = 9;
        for (int digits = 1; digits <= 18; digits++) {
            long from = Math.max(min, lowest);
            long to = Math.min(max, highest);
            if (from <= to) {
                out.add(spread(decimal(from), decimal(to), 0, '0', '9'));
            }
            lowest = highest + 1;
            highest = highest * 10 + 9;
        }
    }

    private static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
