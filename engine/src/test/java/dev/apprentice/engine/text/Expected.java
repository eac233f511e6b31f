package dev.apprentice.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The tiny tokenizers and what Python's libraries make of them: src/test/reference/text/make_tokenizers.py wrote both.
 */
final class Expected {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Expected() {}

    static byte[] bytes(String file) {
        try (var in = Expected.class.getResourceAsStream("/text/tokenizer/" + file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String file) {
        try {
            return MAPPER.readTree(bytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tokenizer tokenizer(String file) {
        return Tokenizer.open(bytes(file));
    }

    static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    /** The expected texts of every tokenizer, one object a file. */
    static Stream<JsonNode> files() {
        return StreamSupport.stream(json("expected-texts.json").spliterator(), false);
    }

    static long specials(Tokenizer tokenizer, int[] ids) {
        return IntStream.of(ids).filter(tokenizer::isSpecial).count();
    }
}
