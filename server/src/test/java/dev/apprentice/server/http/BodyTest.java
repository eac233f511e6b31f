package dev.apprentice.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that other people's servers stumbled over (CASES C69). */
final class BodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\":1}x",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":01}",
                "[1,]",
                "{\"a\":\"\t\"}",
                ""
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("invalid_json"));
    }

    @Test
    void theErrorSaysWhere() {
        assertThatThrownBy(() -> parse("{\n  \"a\": tru\n}")).hasMessageContaining("line 2, column");
    }

    @Test
    void halfASurrogatePairIsRefusedByField() {
        assertThatThrownBy(() -> parse("{\"messages\":[{\"content\":\"x \\ud83d\"}]}"))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.code()).isEqualTo("invalid_unicode");
                    assertThat(e.field()).isEqualTo("messages[0].content");
                });
        assertThatThrownBy(() -> parse("{\"a\":\"\\udc4d\\ud83d\"}")).hasMessageContaining("character 0");
        assertThatThrownBy(() -> parse("{\"\\ud83d\":1}")).hasMessageContaining("surrogate");
    }

    @Test
    void wholePairsPass() {
        assertThat(parse("{\"a\":\"\\ud83d\\udc4d 👍\"}").requiredString("a")).isEqualTo("👍 👍");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(parse("\uFEFF{\"a\":1}").integer("a", 0, 9)).contains(1);
    }

    @Test
    void otherEncodingsAreRefusedWithTheOffset() {
        var latin1 = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Body.parse(latin1)).hasMessageContaining("offset 6");
        var utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> Body.parse(utf16)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(InvalidRequestException.class);
    }

    private static Fields parse(String text) {
        return Fields.of(Body.parse(text.getBytes(StandardCharsets.UTF_8)));
    }
}
