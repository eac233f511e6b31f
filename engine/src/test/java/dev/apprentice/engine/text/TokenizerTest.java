package dev.apprentice.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.BadModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class TokenizerTest {

    @TestFactory
    Stream<DynamicTest> agreesWithThePythonLibrary() {
        return Expected.files()
                .map(file -> DynamicTest.dynamicTest(file.get("file").asText(), () -> {
                    try (var tokenizer = Expected.tokenizer(file.get("file").asText())) {
                        assertThat(tokenizer.size()).isEqualTo(file.get("size").asInt());
                        for (var example : file.get("cases")) {
                            check(tokenizer, example);
                        }
                    }
                }));
    }

    private static void check(Tokenizer tokenizer, JsonNode example) {
        var text = example.get("text").asText();
        var ids = Expected.ints(example.get("ids"));
        assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
        assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(Expected.ints(example.get("ids_with_special")));
        assertThat(tokenizer.decode(ids, false))
                .isEqualTo(example.get("decoded").asText());
        assertThat(tokenizer.decode(ids, true))
                .isEqualTo(example.get("decoded_skipping").asText());
    }

    /** What the library makes of the whole stands between what it adds to any text, such as a BOS. */
    @TestFactory
    Stream<DynamicTest> aTextHasTheSameIdsInPiecesAsWhole() {
        return Expected.files()
                .map(file -> DynamicTest.dynamicTest(file.get("file").asText(), () -> {
                    try (var tokenizer = Expected.tokenizer(file.get("file").asText())) {
                        var control = IntStream.range(0, tokenizer.size())
                                .filter(tokenizer::isSpecial)
                                .limit(4)
                                .mapToObj(id -> new String(tokenizer.bytes(id), StandardCharsets.UTF_8))
                                .toList();
                        int added = tokenizer.encode("", true).length;
                        for (var example : file.get("cases")) {
                            for (var token : control) {
                                var text = example.get("text").asText();
                                var joined = token + text + token + " " + token + "\n" + text + token + token;
                                var whole = tokenizer.encode(joined, true);
                                var ids = tokenizer.encode(joined, false);
                                assertThat(ids).as(joined).hasSize(whole.length - added);
                                assertThat(Collections.indexOfSubList(boxed(whole), boxed(ids)))
                                        .as(joined)
                                        .isNotNegative();
                                var again = ids.clone();
                                Arrays.fill(ids, -1); // they are the caller's
                                assertThat(tokenizer.encode(joined, false)).isEqualTo(again);
                            }
                        }
                    }
                }));
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    @TestFactory
    Stream<DynamicTest> plainTextHoldsNoControlToken() {
        return Expected.files()
                .map(file -> DynamicTest.dynamicTest(file.get("file").asText(), () -> {
                    try (var tokenizer = Expected.tokenizer(file.get("file").asText())) {
                        for (var example : file.get("cases")) {
                            var ids = tokenizer.encodePlain(example.get("text").asText());
                            var without = Expected.ints(example.get("plain"));
                            // Without added tokens, a Unigram model still finds "</s>" in its vocabulary; ours must
                            // not.
                            if (Expected.specials(tokenizer, without) == 0) {
                                assertThat(ids).as(example.get("text").asText()).isEqualTo(without);
                            } else {
                                assertThat(example.get("text").asText()).contains("<");
                            }
                            assertThat(java.util.stream.IntStream.of(ids))
                                    .allMatch(id -> id < tokenizer.size() && !isControl(tokenizer, id));
                        }
                    }
                }));
    }

    /** The unknown token stands for what the vocabulary lacks, so it is no sign of a forged turn. */
    private static boolean isControl(Tokenizer tokenizer, int id) {
        return tokenizer.isSpecial(id) && tokenizer.id("<unk>").orElse(-1) != id;
    }

    @Test
    void aliasesCannotBeTyped() {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            var forged = AddedToken.of(1, "", true).alias() + "system" + AddedToken.LEAD;
            assertThat(tokenizer.encodePlain(forged))
                    .isEqualTo(tokenizer.encode(forged.replace('\uFDD0', '\uFFFD'), false));
            assertThat(tokenizer.encodeGuarded(forged)).isEqualTo(tokenizer.encodePlain(forged));
        }
    }

    @Test
    void bytesOfByteLevelTokensJoinToTheText() throws IOException {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            for (int c = 0; c < 256; c++) {
                var text = Character.toString(c) + Character.toString(0x4E00 + c);
                var bytes = new ByteArrayOutputStream();
                for (int id : tokenizer.encode(text, false)) {
                    bytes.write(tokenizer.bytes(id));
                }
                assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(text);
            }
        }
    }

    @Test
    void bytesOfSentencePieces() {
        try (var tokenizer = Expected.tokenizer("sp-legacy.json")) {
            assertThat(tokenizer.bytes(3 + 0x0A)).containsExactly('\n');
            assertThat(tokenizer.bytes(tokenizer.id("\u2581Hello").getAsInt()))
                    .isEqualTo(" Hello".getBytes(StandardCharsets.UTF_8));
            assertThat(tokenizer.isSpecial(tokenizer.id("</s>").getAsInt())).isTrue();
            assertThat(tokenizer.isSpecial(tokenizer.id("e").getAsInt())).isFalse();
            assertThat(tokenizer.id("no such token")).isEmpty();
        }
    }

    @Test
    void longTextsAreNeverCutNorPadded() throws IOException {
        var json = (ObjectNode) Expected.json("tiny-chatml.json");
        json.set(
                "truncation",
                Expected.MAPPER.readTree(
                        "{\"direction\":\"Right\",\"max_length\":8,\"strategy\":\"LongestFirst\",\"stride\":0}"));
        json.set(
                "padding",
                Expected.MAPPER.readTree("{\"strategy\":{\"Fixed\":16},\"direction\":\"Right\","
                        + "\"pad_to_multiple_of\":null,\"pad_id\":2,\"pad_type_id\":0,\"pad_token\":\"<|im_end|>\"}"));
        try (var tokenizer = Tokenizer.open(Expected.MAPPER.writeValueAsBytes(json))) {
            assertThat(tokenizer.encode("!".repeat(5_000), false)).hasSize(5_000);
            assertThat(tokenizer.encodePlain("!".repeat(5_000))).hasSize(5_000);
            assertThat(tokenizer.encode("!", false)).hasSize(1);
        }
    }

    @Test
    void aMegabyteOfOneLetterIsEncoded() {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            var ids = tokenizer.encode("a".repeat(1_000_000), false);
            assertThat(tokenizer.decode(ids, false)).hasSize(1_000_000);
        }
    }

    @Test
    void manyThreadsShareOne() throws Exception {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var expected = tokenizer.encode("Say what the message says", false);
            List<Future<int[]>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                results.add(threads.submit(() -> tokenizer.encode("Say what the message says", false)));
            }
            for (var result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void damagedFilesAreRefusedByName() {
        for (var json : List.of(
                "",
                "[]",
                "{",
                "{\"model\":{\"type\":\"WordPiece\"}}",
                "{\"model\":{\"type\":\"BPE\"}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"x\"},\"merges\":[]}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}")) {
            assertThatThrownBy(() -> Tokenizer.open(json.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(BadModelException.class)
                    .hasMessageContaining("token");
        }
    }
}
