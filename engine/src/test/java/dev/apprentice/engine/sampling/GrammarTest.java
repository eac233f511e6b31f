package dev.apprentice.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks over a small vocabulary, against what single bytes say. */
@Timeout(60)
class GrammarTest {
    private static final String SCHEMA = """
            {"type":"object","required":["name","n"],"properties":{"name":{"type":"string","maxLength":30},"n":{"type":"number"},
              "tags":{"type":"array","items":{"enum":["é","a\\"b",null,[1]]}},
              "more":{"type":"object","additionalProperties":{"type":"integer","minimum":-5,"maximum":120}},
              "any":{}}}""";

    /** Single bytes, and pieces of JSON and of text, some across what a grammar has as borders. */
    private final Vocabulary vocabulary = new Vocabulary(tokens(), Map.of("<call>", 1));

    private final Masks shared = new Masks(vocabulary);

    private static byte[][] tokens() {
        var tokens = new ArrayList<byte[]>();
        tokens.add(new byte[0]);
        tokens.add(new byte[0]);
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        for (var text : List.of(
                "{\"",
                "\":",
                "\": ",
                "\",",
                "\", \"",
                "\"}",
                "\"}}",
                "}}",
                "]}",
                "],",
                "\"]",
                "[\"",
                ":[",
                "na",
                "name",
                "\"name\":",
                "é",
                "\\\"",
                "\\n",
                "12",
                "-1",
                ".5",
                "e+1",
                "true",
                "null",
                "nul",
                ",\"",
                "\":{\"",
                "🙂",
                "ab\"c",
                "00",
                "<call",
                "l>{\"",
                "name",
                "        ",
                "aaaaaaaaaa",
                "\":1,\"a",
                "{\"a\":1,\"a\":",
                ",\"a\":1,\"b")) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        tokens.add(new byte[] {'x', (byte) 0xC3});
        tokens.add(new byte[] {(byte) 0xA9, '"', ','});
        return tokens.toArray(byte[][]::new);
    }

    private Grammar grammar(Constraint constraint) {
        return new Grammar(FormCompiler.of(constraint, vocabulary), vocabulary, shared);
    }

    private static List<Constraint> constraints() {
        return List.of(
                new Constraint.JsonObject(),
                new Constraint.JsonSchema(SCHEMA),
                new Constraint.JsonSchema(
                        "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[ab]{1,2}$\"},\"additionalProperties\":{\"const\":1}}"),
                new Constraint.Regex("(?:[a-zé]{2,5}\"?|\\d+(?:\\.\\d)?,){1,40}.{3,}"),
                new Constraint.OneOf(List.of(
                        new Constraint.Literal("name"),
                        new Constraint.Literal("nul"),
                        new Constraint.Literal("é: 12"))));
    }

    @Test
    void aMaskIsWhatSteppingThroughEachTokenSays() {
        for (var constraint : constraints()) {
            for (int seed = 0; seed < 6; seed++) {
                var random = new Random(seed);
                var at = grammar(constraint).start();
                for (int i = 0; i < 60 && !at.tokens().isEmpty(); i++) {
                    assertThat(at.tokens()).as("%s, step %d", constraint, i).isEqualTo(stepped(at));
                    at = after(at, any(at.tokens(), random));
                }
            }
        }
    }

    private BitSet stepped(Grammar.State at) {
        var allowed = new BitSet();
        for (int id = 0; id < vocabulary.size(); id++) {
            allowed.set(id, at.after(id) != null);
        }
        return allowed;
    }

    private static int any(BitSet tokens, Random random) {
        var ids = tokens.stream().toArray();
        return ids[random.nextInt(ids.length)];
    }

    private static Grammar.State after(Grammar.State at, int token) {
        return Objects.requireNonNull(at.after(token), () -> "token " + token + " of a mask");
    }

    @Test
    void tokensOfTheSameBytesAreAllowedTogether() {
        var at = grammar(new Constraint.Literal("name")).start();
        var names = at.tokens().stream()
                .filter(id -> new String(vocabulary.bytes(id), StandardCharsets.UTF_8).equals("name"))
                .count();
        assertThat(names).isEqualTo(2);
    }

    @Test
    void manyDifferentPlacesKeepTheGrammarWithinItsBytes() {
        var grammar = grammar(new Constraint.JsonObject());
        var random = new Random(1);
        long most = 0;
        for (int text = 0; text < 40; text++) {
            var at = say(grammar.start(), "{\"a\":");
            for (int i = 0; i < 150; i++) {
                at = say(at, random.nextBoolean() ? "[1," : "{\"a\":");
                most = Math.max(most, grammar.weight());
            }
            assertThat(at.tokens()).isEqualTo(stepped(at));
        }
        // 4 MB of its own and the frames' masks, and what one place adds before the next look
        assertThat(most).isBetween(3_000_000L, 8_000_000L);
    }

    @Test
    void textsAreNotNestedDeeperThanParsersGoAndCanStillEnd() {
        var at = say(grammar(new Constraint.JsonObject()).start(), "{\"a\":");
        int deep = 1;
        while (at.after(2 + '[') != null) {
            at = say(at, "[");
            deep++;
            if (deep % 50 == 0 || deep > 380) {
                assertThat(at.tokens()).isEqualTo(stepped(at));
            }
        }
        assertThat(deep).isBetween(300, 500);
        assertThat(say(at, "]".repeat(deep - 1) + "}").mayEnd()).isTrue();
    }

    private Grammar.State say(Grammar.State from, String text) {
        var at = from;
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            at = after(at, 2 + (b & 0xFF));
        }
        return at;
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a?){5000}", "((((a?){100}){100}){100}){100}", "((a*)*|(b*)*)*{3}"})
    void aHostileExpressionIsRefusedAtOnce(String expression) {
        assertThatThrownBy(
                        () -> grammar(new Constraint.Regex(expression)).start().tokens())
                .isInstanceOf(InvalidRequestException.class);
    }
}
