package dev.apprentice.engine.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the JSON at the head of a safetensors file as a stream, so that a large one costs no memory of its size. */
final class SafetensorsHeader {
    /** More tensors than any model has; bounds the heap that a crafted file can claim. */
    private static final int TENSORS_MAX = 1 << 17;

    private static final int DIMENSIONS_MAX = 8;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What the table says of one tensor; offsets relative to the end of the header. */
    @SuppressWarnings("ArrayRecordComponent") // private to the readers, never compared
    record Entry(String name, String dtype, long[] shape, long begin, long end) {}

    private final JsonParser parser;
    private final Blame blame;

    private SafetensorsHeader(JsonParser parser, Blame blame) {
        this.parser = parser;
        this.blame = blame;
    }

    static List<Entry> read(MemorySegment header, Blame blame) {
        try (var parser = FACTORY.createParser(new SegmentStream(header))) {
            return new SafetensorsHeader(parser, blame).entries();
        } catch (JsonProcessingException e) {
            throw blame.damaged("header", "JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw blame.damaged("header", "JSON", String.valueOf(e.getMessage()));
        }
    }

    private List<Entry> entries() throws IOException {
        var entries = new ArrayList<Entry>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "header", "a JSON object");
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, name, "a JSON object");
            if (name.equals("__metadata__")) {
                metadata();
            } else if (entries.size() == TENSORS_MAX) {
                throw blame.unsupported("header", "at most " + TENSORS_MAX + " tensors", "more");
            } else {
                entries.add(entry(name));
            }
        }
        if (parser.nextToken() != null) {
            throw blame.damaged("header", "nothing but blanks after the object", String.valueOf(parser.currentToken()));
        }
        return entries;
    }

    private void metadata() throws IOException {
        for (var key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__." + key, "a string");
        }
    }

    private Entry entry(String name) throws IOException {
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            var token = parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(token, JsonToken.VALUE_STRING, name + " (dtype)", "a string");
                    dtype = parser.getText();
                }
                case "shape" -> shape = numbers(name + " (shape)", DIMENSIONS_MAX);
                case "data_offsets" -> offsets = numbers(name + " (data_offsets)", 2);
                default -> parser.skipChildren();
            }
        }
        if (offsets == null || offsets.length != 2 || offsets[1] < offsets[0]) {
            throw blame.damaged(name + " (data_offsets)", "begin and end", offsets == null ? "none" : "others");
        }
        return new Entry(name, present(dtype, name, "dtype"), present(shape, name, "shape"), offsets[0], offsets[1]);
    }

    private <T> T present(@Nullable T value, String name, String field) {
        if (value == null) {
            throw blame.damaged(name + " (" + field + ")", "a value", "none");
        }
        return value;
    }

    private long[] numbers(String field, int max) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, field, "an array");
        var numbers = new ArrayList<Long>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            expect(token, JsonToken.VALUE_NUMBER_INT, field, "whole numbers");
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
                throw blame.damaged(field, "numbers from 0 to 2^63", Blame.quoted(parser.getText()));
            }
            numbers.add(parser.getLongValue());
            if (numbers.size() > max) {
                throw blame.damaged(field, "at most " + max + " numbers", "more");
            }
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String field, String expected) {
        if (found != wanted) {
            throw blame.damaged(field, expected, String.valueOf(found));
        }
    }

    /** A segment's bytes as a stream. */
    private static final class SegmentStream extends InputStream {
        private final MemorySegment bytes;
        private long position;

        SegmentStream(MemorySegment bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return position == bytes.byteSize()
                    ? -1
                    : bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, position++) & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(length, bytes.byteSize() - position);
            if (count == 0 && length > 0) {
                return -1;
            }
            MemorySegment.copy(bytes, java.lang.foreign.ValueLayout.JAVA_BYTE, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
