package dev.apprentice.learner.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How values lie in columns: times as microseconds, composite values as JSON, numbers of tokens as little-endian bytes.
 */
public final class Columns {
    private static final JsonMapper JSON = JsonMapper.builder(Json.factory())
            .disable(
                    DeserializationFeature
                            .FAIL_ON_UNKNOWN_PROPERTIES) // rows outlive the records they were written from
            .build();
    private static final int WORD_BYTES = 4;

    private Columns() {}

    /** The time that {@code time} is after it was stored. */
    public static Instant stored(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** {@code time} as a column holds it. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** The time that the column {@code name} holds. */
    public static Instant time(ResultSet row, String name) throws SQLException {
        return Instant.EPOCH.plus(row.getLong(name), ChronoUnit.MICROS);
    }

    /** The whole number that the column {@code name} holds. */
    public static @Nullable Integer integer(ResultSet row, String name) throws SQLException {
        var value = row.getInt(name);
        return row.wasNull() ? null : value;
    }

    /** The text that the column {@code name} holds. */
    public static @Nullable String text(ResultSet row, String name) throws SQLException {
        return row.getString(name);
    }

    /** {@code value} as a column holds it. */
    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    /** {@code value} as a column would hold it, as a tree. */
    public static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /** What {@code tree} says, as a {@code type}. */
    public static <T> T value(JsonNode tree, Class<T> type) {
        try {
            return JSON.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    /** The value of {@code type} that the column {@code name} holds. */
    public static <T> T json(ResultSet row, String name, TypeReference<T> type) throws SQLException {
        var value = jsonOrNull(row, name, type);
        if (value == null) {
            throw new FailedException("store_failed", "column " + name + " is empty", Fault.at(name));
        }
        return value;
    }

    /** The value of {@code type} that the column {@code name} holds, if it holds one. */
    public static <T> @Nullable T jsonOrNull(ResultSet row, String name, TypeReference<T> type) throws SQLException {
        var text = row.getString(name);
        try {
            return text == null ? null : JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    /** {@code count} 32-bit integers as a column holds them. */
    public static byte[] ints(int count, IntUnaryOperator at) {
        var bytes = ByteBuffer.allocate(count * WORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var i = 0; i < count; i++) {
            bytes.putInt(at.applyAsInt(i));
        }
        return bytes.array();
    }

    /** {@code count} 32-bit floating point numbers as a column holds them. */
    public static byte[] floats(int count, IntToDoubleFunction at) {
        var bytes = ByteBuffer.allocate(count * WORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var i = 0; i < count; i++) {
            bytes.putFloat((float) at.applyAsDouble(i));
        }
        return bytes.array();
    }

    /** The 32-bit integers that a column holds. */
    public static int[] ints(byte[] column) {
        var words = ByteBuffer.wrap(column).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        var values = new int[words.remaining()];
        words.get(values);
        return values;
    }

    /** The 32-bit floating point numbers that a column holds. */
    public static double[] floats(byte[] column) {
        var words = ByteBuffer.wrap(column).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        var values = new double[words.remaining()];
        for (var i = 0; i < values.length; i++) {
            values[i] = words.get(i);
        }
        return values;
    }

    private static FailedException unreadable(JsonProcessingException cause) {
        return new FailedException("store_failed", "a stored value is no JSON of its kind", Fault.NONE, cause);
    }
}
