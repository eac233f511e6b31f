package dev.apprentice.engine.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that begin somewhere in free text. */
class FreeTextTest {
    private static final Constraint ONE =
            new Constraint.Sequence(List.of(new Constraint.Regex("\\d"), new Constraint.Literal(".")));

    /** All bytes, a control token and some that reach over the borders of the marker. */
    private final Vocabulary vocabulary = vocabulary();

    private static Vocabulary vocabulary() {
        var tokens = new byte[260][];
        for (int b = 0; b < 256; b++) {
            tokens[b] = new byte[] {(byte) b};
        }
        tokens[256] = new byte[0];
        tokens[257] = "so <<ca".getBytes(StandardCharsets.UTF_8);
        tokens[258] = "ll>7".getBytes(StandardCharsets.UTF_8);
        tokens[259] = "ll>x".getBytes(StandardCharsets.UTF_8);
        return new Vocabulary(tokens, Map.of("<<call>", 256));
    }

    private Grammar.State start(boolean again, String opening, Constraint opened) {
        var constraint = new Constraint.Triggered("<<call>", ONE, again, opening, opened);
        return new Grammar(FormCompiler.of(constraint, vocabulary), vocabulary, new Masks(vocabulary)).start();
    }

    private Grammar.State start(boolean again) {
        return start(again, "", new Constraint.None());
    }

    private static boolean whole(Grammar.State from, String text) {
        var at = from;
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            at = at == null ? null : at.after(b & 0xFF);
        }
        return at != null && at.mayEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "é so", "<<<cal", "<<call>1.", "a <<<call>1. b<<call>2.", "<call>x", "<<call>3.<", "\n"})
    void textIsFreeAndCallsHaveTheirForm(String text) {
        assertThat(whole(start(true), text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<<call>", "<<call>x.", "<<call>1", "<<<<<<call>1", "a<<call>1. b<<call>b.", "<<c<<call>0?"})
    void noCallIsOfAnotherForm(String text) {
        assertThat(whole(start(true), text)).isFalse();
    }

    @Test
    void nothingFollowsTheOnlyCall() {
        assertThat(whole(start(false), "a <<call>1.")).isTrue();
        assertThat(whole(start(false), "a <<call>1. ")).isFalse();
    }

    @Test
    void aMarkerAcrossTokensIsSeen() {
        var at = requireNonNull(start(false).after(257));
        assertThat(at.tokens().get(258)).isTrue();
        assertThat(at.tokens().get(259)).isFalse();
        assertThat(at.tokens().get('x')).isTrue();
    }

    @Test
    void theControlTokenCountsAsTheMarker() {
        assertThat(start(false).tokens().get(256)).isTrue();
        var at = requireNonNull(start(false).after(256));
        assertThat(at.tokens().stream().toArray()).containsExactly('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var digit = requireNonNull(at.after('4'));
        assertThat(digit.tokens().get(256)).as("no marker within a call").isFalse();
    }

    @Test
    void whatTheModelsTemplateWritesAsAControlTokenIsThatToken() {
        var grammar = new Grammar(
                FormCompiler.of(new Constraint.Written("a<<call>b"), vocabulary), vocabulary, new Masks(vocabulary));

        assertThat(grammar.fits(List.of((int) 'a', 256, (int) 'b'))).isTrue();
        assertThat(whole(grammar.start(), "a<<call>b")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{ \"na", "{\"nam\"", " {\"x\": 1}", "x {\"name\"?", "{ \"name<<call>5.", "\n{\n\"name\"!"})
    void anOpeningCountsAtTheBeginningOnly(String text) {
        assertThat(whole(start(false, " { \"name\"", new Constraint.Literal("!")), text))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\"", "{\"name\"?", " \t{  \"name\":", "{\"name\"! ", "{ \"name<<call>x"})
    void anOpeningIsHeldToWhatFollows(String text) {
        assertThat(whole(start(false, " { \"name\"", new Constraint.Literal("!")), text))
                .isFalse();
    }

    @Test
    void whateverIsSaidAtRandomHoldsTheFormAtEveryCall() {
        var valid = Pattern.compile("(?s)(?:(?!<<call>).|<<call>\\d\\.)*");
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            var at = start(true);
            int[] likely = {'<', '<', 'c', 'a', 'l', 'l', '>', '1', '.', 257, 258, 259, ' '};
            for (int i = 0; i < 300 || !at.mayEnd(); i++) {
                int token = likely[random.nextInt(likely.length)];
                if (at.tokens().get(token)) {
                    at = requireNonNull(at.after(token));
                    text.append(new String(vocabulary.bytes(token), StandardCharsets.UTF_8));
                }
            }
            assertThat(valid.matcher(text).matches()).as("%s", text).isTrue();
        }
    }
}
