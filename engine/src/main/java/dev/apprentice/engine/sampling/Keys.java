package dev.apprentice.engine.sampling;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which keys the open objects of a JSON text have so far, followed byte by byte beside the machine, whose states are
 * few because they don't know it. Immutable. Keys are compared as they are written, a slash without its escape, which
 * is the only letter that can be written in two ways here.
 */
final class Keys {
    /** Before a text, and behind it. */
    static final Keys NONE = new Keys(null, Place.VALUE, "");

    private static final NavigableSet<String> NO_KEYS = new TreeSet<>();

    private final @Nullable Open open;
    private final Place place;

    /** The key so far, byte by byte, a backslash that something follows last. */
    private final String key;

    private enum Place {
        /** Where a value or what follows it stands. */
        VALUE,
        STRING,
        ESCAPE,
        /** Where a key may begin. */
        BEFORE_KEY,
        KEY,
        KEY_ESCAPE
    }

    /** An array, or an object with its keys. */
    private record Open(@Nullable Open around, boolean isObject, NavigableSet<String> keys) {}

    private Keys(@Nullable Open open, Place place, String key) {
        this.open = open;
        this.place = place;
        this.key = key;
    }

    private Keys at(Place place) {
        return place == this.place ? this : new Keys(open, place, "");
    }

    /** The same text and {@code b}; null where that ends a key that its object has. */
    @Nullable
    Keys with(int b) {
        return switch (place) {
            case STRING -> at(b == '"' ? Place.VALUE : b == '\\' ? Place.ESCAPE : Place.STRING);
            case ESCAPE -> at(Place.STRING);
            case KEY -> b == '"' ? named() : new Keys(open, b == '\\' ? Place.KEY_ESCAPE : Place.KEY, key + (char) b);
            case KEY_ESCAPE ->
                new Keys(open, Place.KEY, (b == '/' ? key.substring(0, key.length() - 1) : key) + (char) b);
            case VALUE, BEFORE_KEY -> outside(b);
        };
    }

    private Keys outside(int b) {
        return switch (b) {
            case '"' -> at(place == Place.BEFORE_KEY ? Place.KEY : Place.STRING);
            case '{' -> new Keys(new Open(open, true, NO_KEYS), Place.BEFORE_KEY, "");
            case '[' -> new Keys(new Open(open, false, NO_KEYS), Place.VALUE, "");
            case '}', ']' -> new Keys(open == null ? null : open.around, Place.VALUE, "");
            case ',' -> at(open != null && open.isObject ? Place.BEFORE_KEY : Place.VALUE);
            default -> this;
        };
    }

    private @Nullable Keys named() {
        if (open == null || open.keys.contains(key)) {
            return null;
        }
        var keys = new TreeSet<>(open.keys);
        keys.add(key);
        return new Keys(new Open(open.around, true, keys), Place.VALUE, "");
    }

    /** The same text and {@code text}; null where that repeats a key. */
    @Nullable
    Keys with(byte[] text) {
        Keys at = this;
        for (var b : text) {
            at = at == null ? null : at.with(b & 0xFF);
        }
        return at;
    }

    /** Whether some open object has a key already. */
    boolean areSome() {
        for (var at = open; at != null; at = at.around) {
            if (!at.keys.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text stands where what is said next may end, or begin, to repeat a key. */
    boolean mayRepeat() {
        if (open == null || open.keys.isEmpty()) {
            return false;
        }
        return switch (place) {
            case BEFORE_KEY -> true;
            case KEY, KEY_ESCAPE -> {
                var begun = place == Place.KEY ? key : key.substring(0, key.length() - 1);
                var next = open.keys.ceiling(begun);
                yield next != null && next.startsWith(begun);
            }
            case VALUE, STRING, ESCAPE -> false;
        };
    }

    /**
     * Whether a text that stands at {@code at} in the machine can still come to a key that its object does not have.
     * Every branch that leaves the keys there are leads to one, so that there is not more to follow than these.
     */
    boolean canGoOn(Machine.State at) {
        if (!mayRepeat()) {
            return true;
        }
        var bytes = at.bytes();
        for (int b = bytes.nextSetBit(0); b >= 0; b = bytes.nextSetBit(b + 1)) {
            var next = with(b);
            if (next != null && !next.mayRepeat()) {
                return true;
            }
        }
        for (int b = bytes.nextSetBit(0); b >= 0; b = bytes.nextSetBit(b + 1)) {
            var next = with(b);
            var there = next == null ? null : at.step(b);
            if (next != null && there != null && next.canGoOn(there)) {
                return true;
            }
        }
        return false;
    }
}
