package dev.apprentice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldsTest {

    @Test
    void nullIsAbsent() {
        var fields = parse("{\"s\":null,\"n\":null,\"o\":null,\"l\":null,\"b\":null}");
        assertThat(fields.string("s")).isEmpty();
        assertThat(fields.number("n", 0, 1)).isEmpty();
        assertThat(fields.object("o")).isEmpty();
        assertThat(fields.list("l")).isEmpty();
        assertThat(fields.bool("b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2147483648", "1.5", "1e999", "99999999999999999999", "\"5\"", "true", "[5]"})
    void aWholeNumberOutOfRangeOrOfAnotherTypeIsRefused(String value) {
        assertThatThrownBy(() -> parse("{\"max\":" + value + "}").integer("max", 1, Integer.MAX_VALUE))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.field()).isEqualTo("max");
                    assertThat(e.expected()).isEqualTo("a whole number from 1 to 2147483647");
                });
    }

    @Test
    void aWholeNumberMayBeWrittenWithAPoint() {
        assertThat(parse("{\"max\":5.0}").integer("max", 1, 9)).contains(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "2.1", "1e999", "\"1\"", "false"})
    void aNumberOutOfRangeOrOfAnotherTypeIsRefused(String value) {
        assertThatThrownBy(() -> parse("{\"t\":" + value + "}").number("t", 0, 2))
                .hasMessageStartingWith("t must be a number from 0 to 2, found ");
    }

    @Test
    void theLongestAndTheShortestSeedPass() {
        var fields = parse("{\"a\":9223372036854775807,\"b\":-9223372036854775808}");
        assertThat(fields.whole("a", Long.MIN_VALUE, Long.MAX_VALUE)).contains(Long.MAX_VALUE);
        assertThat(fields.whole("b", Long.MIN_VALUE, Long.MAX_VALUE)).contains(Long.MIN_VALUE);
    }

    @Test
    void nestedFieldsAreNamedByTheirPath() {
        var inner = parse("{\"list\":[{},{\"o\":{\"x\":1}}]}")
                .objects("list")
                .orElseThrow()
                .get(1)
                .object("o")
                .orElseThrow();
        assertThatThrownBy(() -> inner.string("x")).hasMessage("list[1].o.x must be a string, found 1");
    }

    @Test
    void unknownFieldsAreRefusedWhereThatIsAskedFor() {
        assertThatThrownBy(() -> parse("{\"recal\":true}").only(Set.of("recall", "adapter")))
                .hasMessage("unknown field recal; expected one of adapter, recall");
    }

    @Test
    void whatWasFoundIsShortened() {
        assertThatThrownBy(() -> parse("{\"b\":\"" + "🙂".repeat(100) + "\"}").bool("b"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(120).endsWith("🙂…"));
    }

    private static Fields parse(String text) {
        return Fields.of(Body.parse(text.getBytes(StandardCharsets.UTF_8)));
    }
}
