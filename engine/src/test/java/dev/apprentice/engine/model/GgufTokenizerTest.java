package dev.apprentice.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokenizer.json made of GGUF metadata cuts texts as the model's own tokenizer does. */
class GgufTokenizerTest {

    /** SentencePiece's own answers: src/test/reference/pieces.py. */
    @ParameterizedTest
    @ValueSource(strings = {"pieces-prefix", "pieces-plain"})
    void cutsAsSentencePieceDoes(String name) throws IOException {
        var blame = new Blame(name);
        var metadata = GgufFile.read(MemorySegment.ofArray(resource(name + ".gguf")), blame)
                .metadata();
        var made = GgufTokenizer.read(metadata, blame);

        try (var tokenizer = tokenizer(made.json())) {
            for (JsonNode reference : new ObjectMapper().readTree(resource(name + ".json"))) {
                var text = reference.get("text").textValue();
                var ids = tokenizer.encode(text, false, false).getIds();
                assertThat(ids).as("ids of <%s>", text).containsExactly(longs(reference.get("ids")));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(reference.get("decoded").textValue());
            }
        }
        assertThat(made.specials().addBos()).isTrue();
        assertThat(made.specials().bos()).isEqualTo("<s>");
        assertThat(made.specials().stopIds()).containsExactly(2);
    }

    /** Where digits, words and marks are cut, by the name of the pre-tokenizer (llama.cpp: src/llama-vocab.cpp). */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
                    smollm    ; It's 12345 a-b; It|'s|Ġ|1|2|3|4|5|Ġa|-|b
                    gpt-2     ; It's 12345 a-b; It|'s|Ġ12345|Ġa|-|b
                    llama-bpe ; It's 12345 a-b; It|'s|Ġ|123|45|Ġa|-b
                    qwen2     ; It's 12345 a-b; It|'s|Ġ|1|2|3|4|5|Ġa|-b
                    tekken    ; It's 12345 a-b; It|'s|Ġ|1|2|3|4|5|Ġa|-b
                    default   ; It's 12345 a-b; It|'|s|Ġ|123|45|Ġa|-|b
                    tekken    ; camelCase     ; camel|Case
                    llama-bpe ; camelCase     ; camelCase
                    """)
    void cutsBeforeMerging(String pre, String text, String pieces) throws IOException {
        // each piece is a token, and so is each piece with its neighbour: a cut that isn't made merges across it
        var expected = List.of(pieces.split("\\|", -1));
        try (var tokenizer = tokenizer(bytePairs(pre, expected, true))) {
            assertThat(tokenizer.encode(text, false, false).getTokens()).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void composesCharactersForQwenOnly() throws IOException {
        var letters = List.of("ee", "Ã", "©", "Ì", "ģ");
        try (var qwen = tokenizer(bytePairs("qwen2", letters, false));
                var llama = tokenizer(bytePairs("llama-bpe", letters, false))) {
            assertThat(qwen.encode("e\u0301", false, false).getTokens()).containsExactly("Ã", "©");
            assertThat(llama.encode("e\u0301", false, false).getTokens()).containsExactly("e", "Ì", "ģ");
        }
    }

    /** Pieces as tokens, with the merges that build each from its letters, front to back, then those across them. */
    private static byte[] bytePairs(String pre, List<String> pieces, boolean across) {
        var gguf = new GgufBytes();
        var tokens = new ArrayList<String>();
        var merges = new ArrayList<String>();
        for (var piece : pieces) {
            for (int end = 1; end <= piece.length(); end++) {
                add(tokens, piece.substring(end - 1, end));
                add(tokens, piece.substring(0, end));
                if (end > 1) {
                    add(merges, piece.substring(0, end - 1) + " " + piece.substring(end - 1, end));
                }
            }
        }
        for (int i = 1; across && i < pieces.size(); i++) {
            add(tokens, pieces.get(i - 1) + pieces.get(i));
            add(merges, pieces.get(i - 1) + " " + pieces.get(i));
        }
        gguf.metadata.put("tokenizer.ggml.pre", pre);
        gguf.metadata.put("tokenizer.ggml.tokens", tokens);
        gguf.metadata.put("tokenizer.ggml.merges", merges);
        gguf.metadata.put("tokenizer.ggml.bos_token_id", 0);
        gguf.metadata.put("tokenizer.ggml.eos_token_id", 0);
        gguf.metadata.remove("tokenizer.ggml.token_type");
        var blame = new Blame(pre);
        var metadata = GgufFile.read(MemorySegment.ofArray(gguf.bytes()), blame).metadata();
        return GgufTokenizer.read(metadata, blame).json();
    }

    private static void add(List<String> list, String value) {
        if (!list.contains(value)) {
            list.add(value);
        }
    }

    private static HuggingFaceTokenizer tokenizer(byte[] json) throws IOException {
        return HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json),
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
    }

    private static long[] longs(JsonNode ids) {
        var longs = new long[ids.size()];
        Arrays.setAll(longs, i -> ids.get(i).longValue());
        return longs;
    }

    private static byte[] resource(String name) throws IOException {
        try (var stream = GgufTokenizerTest.class.getResourceAsStream("/model/" + name)) {
            assertThat(stream).as(name).isNotNull();
            return stream.readAllBytes();
        }
    }
}
