package dev.apprentice.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key-value part of a GGUF file. Values stay in the file until they are asked for by key and type. */
final class GgufMetadata {
    /** More strings than any vocabulary has; bounds the heap that a crafted file can claim. */
    private static final int STRINGS_MAX = 1 << 20;

    /** Where a value lies; {@code count} and {@code element} tell of arrays only. */
    record Place(GgufType type, GgufType element, long count, long position) {}

    private final MemorySegment bytes;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Blame blame;

    GgufMetadata(MemorySegment bytes, Blame blame) {
        this.bytes = bytes;
        this.blame = blame;
    }

    /** Reads one key and passes over its value. */
    void readEntry(GgufCursor cursor) {
        long at = cursor.position();
        var key = cursor.text("metadata key");
        var type = type(cursor, key);
        Place place;
        if (type == GgufType.ARRAY) {
            var element = type(cursor, key);
            if (element == GgufType.ARRAY) {
                throw blame.unsupported(key, "no array of arrays", "one");
            }
            long count = cursor.count(key, element.minimalBytes);
            place = new Place(type, element, count, cursor.position());
            if (element == GgufType.STRING) {
                for (long i = 0; i < count; i++) {
                    cursor.skipText(key);
                }
            } else {
                cursor.skip(count * element.minimalBytes, key);
            }
        } else {
            place = new Place(type, type, 1, cursor.position());
            if (type == GgufType.STRING) {
                cursor.skipText(key);
            } else {
                cursor.skip(type.minimalBytes, key);
            }
        }
        if (places.putIfAbsent(key, place) != null) {
            throw blame.damagedAt(at, key, "each key once", "it twice");
        }
    }

    private GgufType type(GgufCursor cursor, String key) {
        long at = cursor.position();
        int number = cursor.u32(key + " (type)");
        var type = GgufType.of(number);
        if (type == null) {
            throw blame.damagedAt(at, key, "a value type from 0 to 12", Integer.toUnsignedString(number));
        }
        return type;
    }

    boolean has(String key) {
        return places.containsKey(key);
    }

    Set<String> keys() {
        return places.keySet();
    }

    @Nullable
    String text(String key) {
        var place = places.get(key);
        if (place == null) {
            return null;
        }
        if (place.type != GgufType.STRING) {
            throw wrongType(key, "a string", place);
        }
        return new GgufCursor(bytes, place.position, blame).text(key);
    }

    String requiredText(String key) {
        var text = text(key);
        if (text == null) {
            throw blame.missing(key, "a string");
        }
        return text;
    }

    @Nullable
    Boolean flag(String key) {
        var place = places.get(key);
        if (place == null) {
            return null;
        }
        if (place.type != GgufType.BOOL) {
            throw wrongType(key, "true or false", place);
        }
        return bytes.get(JAVA_BYTE, place.position) != 0;
    }

    /** A whole number of any width; an array counts as its element if all are equal. */
    OptionalLong whole(String key) {
        var place = places.get(key);
        if (place == null) {
            return OptionalLong.empty();
        }
        long value = wholeAt(key, place, 0);
        for (long i = 1; i < place.count; i++) {
            if (wholeAt(key, place, i) != value) {
                throw blame.unsupported(
                        key, "the same number for all layers", value + " and " + wholeAt(key, place, i));
            }
        }
        return OptionalLong.of(value);
    }

    /** A number from 1 to {@code max}. */
    int positive(String key, int max) {
        return positive(key, max, OptionalLong.empty());
    }

    /** A number from 1 to {@code max}, or {@code absent} where the key is. */
    int positive(String key, int max, OptionalLong absent) {
        var value = whole(key);
        if (value.isEmpty()) {
            value = absent;
        }
        if (value.isEmpty()) {
            throw blame.missing(key, "a whole number");
        }
        if (value.getAsLong() < 1 || value.getAsLong() > max) {
            throw blame.damaged(key, "a whole number from 1 to " + max, String.valueOf(value.getAsLong()));
        }
        return (int) value.getAsLong();
    }

    /** A finite number, whole or not. */
    OptionalDouble number(String key) {
        var place = places.get(key);
        if (place == null) {
            return OptionalDouble.empty();
        }
        double value = switch (place.type) {
            case F32 -> bytes.get(FLOAT, place.position);
            case F64 -> bytes.get(DOUBLE, place.position);
            case U8, I8, U16, I16, U32, I32, U64, I64 -> wholeAt(key, place, 0);
            case BOOL, STRING, ARRAY -> throw wrongType(key, "a number", place);
        };
        if (!Double.isFinite(value)) {
            throw blame.damaged(key, "a finite number", String.valueOf(value));
        }
        return OptionalDouble.of(value);
    }

    /** All strings of an array, or null where the key is absent. */
    @Nullable
    List<String> texts(String key) {
        var place = places.get(key);
        if (place == null) {
            return null;
        }
        if (place.type != GgufType.ARRAY || place.element != GgufType.STRING) {
            throw wrongType(key, "an array of strings", place);
        }
        if (place.count > STRINGS_MAX) {
            throw blame.unsupported(key, "at most " + STRINGS_MAX + " strings", String.valueOf(place.count));
        }
        var texts = new ArrayList<String>((int) place.count);
        var cursor = new GgufCursor(bytes, place.position, blame);
        for (int i = 0; i < place.count; i++) {
            texts.add(cursor.text(key + "[" + i + "]"));
        }
        return texts;
    }

    /** All numbers of an array that must have {@code count}, or null where the key is absent. */
    double @Nullable [] numbers(String key, int count) {
        var place = places.get(key);
        if (place == null) {
            return null;
        }
        if (place.type != GgufType.ARRAY || place.count != count) {
            throw blame.contradictory(key, "an array of " + count + " numbers", place.count + " of " + place.type);
        }
        var numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] =
                    place.element == GgufType.F32 ? bytes.get(FLOAT, place.position + 4L * i) : wholeAt(key, place, i);
        }
        return numbers;
    }

    private long wholeAt(String key, Place place, long index) {
        if (index >= place.count) {
            throw blame.damaged(key, "at least one number", "none");
        }
        long at = place.position + index * place.element.minimalBytes;
        return switch (place.element) {
            case U8 -> bytes.get(JAVA_BYTE, at) & 0xFF;
            case I8 -> bytes.get(JAVA_BYTE, at);
            case U16 -> bytes.get(SHORT, at) & 0xFFFF;
            case I16 -> bytes.get(SHORT, at);
            case U32 -> Integer.toUnsignedLong(bytes.get(INT, at));
            case I32 -> bytes.get(INT, at);
            case U64, I64 -> bytes.get(LONG, at);
            case F32, F64, BOOL, STRING, ARRAY -> throw wrongType(key, "a whole number", place);
        };
    }

    private dev.apprentice.engine.BadModelException wrongType(String key, String expected, Place place) {
        return blame.damaged(
                key,
                expected,
                place.type == GgufType.ARRAY ? "an array of " + place.element : "a value of type " + place.type);
    }

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
}
