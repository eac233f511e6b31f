package dev.apprentice.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class DetokenizerTest {

    /** C78: joined pieces are the decoded text, first piece and indents included. */
    @TestFactory
    Stream<DynamicTest> joinedPiecesAreTheText() {
        return Stream.of("tiny-chatml.json", "sp-legacy.json", "sp-first.json", "sp-always.json", "sp-never.json")
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    try (var tokenizer = Expected.tokenizer(file)) {
                        for (var text : List.of(
                                "Hello",
                                " Hello",
                                "    indented\n        more",
                                "名前は🙂👩\u200D👩\u200D👧 ñ",
                                "a  b",
                                "\n")) {
                            var ids = tokenizer.encode(text, false);
                            assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids, true));
                        }
                    }
                }));
    }

    /** C09: cut after any number of tokens, no text shows U+FFFD, and each is a beginning of the whole. */
    @Test
    void aTornCharacterIsNeverShown() {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            var text = "名前は🙂👩\u200D👩\u200D👧 ñ";
            var ids = tokenizer.encode(text, false);
            for (int length = 0; length <= ids.length; length++) {
                var cut = streamed(tokenizer, java.util.Arrays.copyOf(ids, length));
                assertThat(text).startsWith(cut);
                assertThat(cut).doesNotContain("\uFFFD");
            }
        }
    }

    @Test
    void badBytesInTheMiddleAreReplacedAsDecodeDoes() {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            var random = dev.apprentice.engine.Seams.random(7);
            for (int i = 0; i < 2_000; i++) {
                var ids = random.ints(random.nextInt(1, 12), 3, 420).toArray();
                // The last token is a plain letter, so that no torn tail is dropped.
                ids[ids.length - 1] = tokenizer.id("A").getAsInt();
                assertThat(streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids, true));
            }
        }
    }

    @Test
    void controlTokensAreSilentAndOtherAddedTokensAreNot() {
        try (var tokenizer = Expected.tokenizer("tiny-chatml.json")) {
            var ids = tokenizer.encode("<think>a</think><|im_end|>", false);
            assertThat(streamed(tokenizer, ids)).isEqualTo("<think>a</think>");
        }
    }

    @Test
    void aContinuationKeepsItsFirstSpace() {
        try (var tokenizer = Expected.tokenizer("sp-legacy.json")) {
            int id = tokenizer.id("\u2581Hello").getAsInt();
            assertThat(new Detokenizer(tokenizer, true).push(id)).isEqualTo(" Hello");
            assertThat(new Detokenizer(tokenizer, false).push(id)).isEqualTo("Hello");
        }
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        var detokenizer = new Detokenizer(tokenizer, false);
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(detokenizer.push(id));
        }
        return text.append(detokenizer.flush()).toString();
    }
}
