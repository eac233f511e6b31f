package dev.apprentice.engine.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.apprentice.engine.InvalidRequestException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The answers in jinja-cases.json are jinja2 3.1.6's, set up as transformers sets it up. */
final class JinjaTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> rendersAsJinja2() throws IOException {
        JsonNode cases;
        try (var file = JinjaTemplateTest.class.getResourceAsStream("/text/jinja/jinja-cases.json")) {
            cases = MAPPER.readTree(Objects.requireNonNull(file));
        }
        assertThat(cases.get("cases")).hasSize(604);
        return StreamSupport.stream(cases.get("cases").spliterator(), false)
                .map(c -> DynamicTest.dynamicTest(
                        c.get("kind").asText() + " " + c.path("name").asText() + ": "
                                + c.get("template").asText(),
                        () -> check(
                                c, cases.get("contexts").get(c.get("context").asInt()))));
    }

    private static void check(JsonNode example, JsonNode context) throws IOException {
        var template = example.get("template").asText();
        Map<String, @Nullable Object> values = MAPPER.treeToValue(
                context, MAPPER.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
        if (example.get("fails").asBoolean()) {
            assertThatThrownBy(() -> render(template, values)).isInstanceOf(InvalidRequestException.class);
        } else {
            assertThat(render(template, values))
                    .isEqualTo(example.get("expected").asText());
        }
    }

    @Test
    void aTemplatesOwnRefusalIsTheMessage() {
        assertThatThrownBy(() -> render("{{ raise_exception('Roles must alternate!') }}", Map.of()))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.code()).isEqualTo("template_refused");
                    assertThat(e).hasMessage("Roles must alternate!");
                });
    }

    private static String render(String template, Map<String, ? extends @Nullable Object> values) {
        return JinjaTemplate.parse(template, CLOCK).render(values);
    }
}
