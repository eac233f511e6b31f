package dev.apprentice.engine.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What this package needs to know of a tokenizer.json; the native tokenizer reads the rest.
 *
 * @param size highest id plus one
 * @param ids text to id, added tokens included
 * @param firstSpecial text of the token that its post-processor puts before every text, or null
 */
record TokenizerFile(
        int size, Map<String, Integer> ids, @Nullable String firstSpecial) {
    /** More tokens than any vocabulary has, and longer than any description of one: bounds for crafted files. */
    private static final int TOKENS_MAX = 1 << 20;

    private static final int TREE_BYTES_MAX = 1 << 18;

    /** Duplicate keys are not looked for: it would double the time, and the native tokenizer has its own rules. */
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static TokenizerFile read(byte[] json, Blame blame) {
        try (var parser = MAPPER.createParser(json)) {
            return new Reader(json, parser, blame).read();
        } catch (JsonProcessingException e) {
            throw blame.damaged("file", "JSON", e.getOriginalMessage());
        } catch (IOException e) {
            throw blame.damaged("file", "JSON", String.valueOf(e.getMessage()));
        }
    }

    OptionalInt id(String text) {
        var id = ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Walks the file as a stream: a tree of a large vocabulary would cost ten times its size. */
    private static final class Reader {
        private final byte[] json;
        private final JsonParser parser;
        private final Blame blame;
        private final Map<String, Integer> ids = new HashMap<>();
        private int size;
        private boolean model;
        private @Nullable String firstSpecial;

        Reader(byte[] json, JsonParser parser, Blame blame) {
            this.json = json;
            this.parser = parser;
            this.blame = blame;
        }

        TokenizerFile read() throws IOException {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "file");
            for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                var token = parser.nextToken();
                switch (field) {
                    case "model" -> {
                        expect(token, JsonToken.START_OBJECT, field);
                        model();
                    }
                    case "added_tokens" -> addedTokens();
                    case "post_processor" -> firstSpecial = firstSpecial(tree(field));
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw blame.damaged("file", "one JSON object", "more after it");
            }
            if (!model) {
                throw blame.missing("model", "an object");
            }
            return new TokenizerFile(size, ids, firstSpecial);
        }

        private void model() throws IOException {
            model = true;
            for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                var token = parser.nextToken();
                if (field.equals("vocab") && token == JsonToken.START_OBJECT) {
                    for (var text = parser.nextFieldName(); text != null; text = parser.nextFieldName()) {
                        expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT, "model.vocab." + text);
                        add(text, parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : -1);
                    }
                } else if (field.equals("vocab") && token == JsonToken.START_ARRAY) {
                    pieces();
                } else {
                    parser.skipChildren();
                }
            }
        }

        /** A unigram vocabulary: pairs of text and score, in the order of their ids. */
        private void pieces() throws IOException {
            int id = 0;
            for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                expect(token, JsonToken.START_ARRAY, "model.vocab[" + id + "]");
                expect(parser.nextToken(), JsonToken.VALUE_STRING, "model.vocab[" + id + "][0]");
                add(parser.getText(), id++);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    parser.skipChildren();
                }
            }
        }

        private void addedTokens() throws IOException {
            expect(parser.currentToken(), JsonToken.START_ARRAY, "added_tokens");
            for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                expect(token, JsonToken.START_OBJECT, "added_tokens");
                var added = tree("added_tokens");
                var text = added.path("content");
                var id = added.path("id");
                if (!text.isTextual() || !id.isInt()) {
                    throw blame.damaged("added_tokens", "objects with content and id", added.toString());
                }
                add(text.textValue(), id.intValue());
            }
        }

        /** The object or array that begins here, if it is small enough for a tree of it. */
        private JsonNode tree(String field) throws IOException {
            if (!parser.currentToken().isStructStart()) {
                return MissingNode.getInstance();
            }
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            int to = (int) parser.currentLocation().getByteOffset();
            if (to - from > TREE_BYTES_MAX) {
                throw blame.unsupported(field, "at most " + TREE_BYTES_MAX + " bytes", String.valueOf(to - from));
            }
            return MAPPER.readTree(json, from, to - from);
        }

        private void add(String text, int id) {
            if (id < 0 || id >= ModelConfig.VOCABULARY_MAX) {
                throw blame.damaged("id of " + text, "from 0 to " + (ModelConfig.VOCABULARY_MAX - 1), "another number");
            }
            if (ids.size() == TOKENS_MAX) {
                throw blame.unsupported("model.vocab", "at most " + TOKENS_MAX + " tokens", "more");
            }
            ids.put(text, id);
            size = Math.max(size, id + 1);
        }

        /** Looks for {@code "single": [{"SpecialToken": …}, …]}, also within a sequence of processors. */
        private static @Nullable String firstSpecial(JsonNode processor) {
            var token = processor.path("single").path(0).path("SpecialToken").path("id");
            if (token.isTextual()) {
                return token.textValue();
            }
            for (var inner : processor.path("processors")) {
                var found = firstSpecial(inner);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        private void expect(@Nullable JsonToken found, JsonToken wanted, String field) {
            if (found != wanted) {
                throw blame.damaged(field, wanted.toString(), String.valueOf(found));
            }
        }
    }
}
