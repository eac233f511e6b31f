package dev.apprentice.engine.text;

/**
 * UTF-8 bytes to characters as they come, by the WHATWG Encoding Standard (§8.1.1, "UTF-8 decoder"): each maximal part
 * of a broken sequence is one U+FFFD, which is what the native tokenizer's decoding gives. Java's own decoder counts
 * encoded surrogates otherwise.
 */
final class Utf8Stream {
    private static final int REPLACEMENT = 0xFFFD;

    private int character;
    private int needed;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** Appends the characters that {@code signed} completes. */
    void push(byte signed, StringBuilder out) {
        int b = signed & 0xFF;
        if (needed > 0) {
            if (b >= lowest && b <= highest) {
                lowest = 0x80;
                highest = 0xBF;
                character = character << 6 | (b & 0x3F);
                needed--;
                if (needed == 0) {
                    out.appendCodePoint(character);
                }
                return;
            }
            reset();
            out.appendCodePoint(REPLACEMENT);
        }
        begin(b, out);
    }

    private void begin(int b, StringBuilder out) {
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            expect(1, b & 0x1F);
        } else if (b >= 0xE0 && b <= 0xEF) {
            expect(2, b & 0xF);
            lowest = b == 0xE0 ? 0xA0 : 0x80;
            highest = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            expect(3, b & 0x7);
            lowest = b == 0xF0 ? 0x90 : 0x80;
            highest = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            out.appendCodePoint(REPLACEMENT);
        }
    }

    private void expect(int bytes, int bits) {
        needed = bytes;
        character = bits;
    }

    /** Forgets the beginning of a character that has not been completed. */
    void reset() {
        needed = 0;
        lowest = 0x80;
        highest = 0xBF;
    }
}
