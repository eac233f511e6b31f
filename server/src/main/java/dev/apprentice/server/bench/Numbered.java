package dev.apprentice.server.bench;

import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * A request that is never the same twice: its question holds a number, as a real one does not come again to the letter.
 * A server that remembers what it has read before would have an easy time otherwise. Used by one thread.
 */
final class Numbered {
    /** Where the number goes. */
    static final String PLACE = "0000000";

    private static final int DECIMAL = 10;

    private final byte[] bytes;
    private final int at;
    private final IntSupplier numbers;

    /** Of {@code bytes}, in which {@link #PLACE} stands once. */
    Numbered(byte[] bytes, IntSupplier numbers) {
        this.bytes = bytes.clone();
        this.numbers = numbers;
        at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(PLACE);
        if (at < 0) {
            throw new IllegalArgumentException("there is no place for a number");
        }
    }

    /** The next one. */
    byte[] next() {
        int number = numbers.getAsInt();
        for (int i = at + PLACE.length() - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + number % DECIMAL);
            number /= DECIMAL;
        }
        return bytes.clone();
    }
}
