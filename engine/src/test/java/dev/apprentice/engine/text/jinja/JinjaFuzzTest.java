package dev.apprentice.engine.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Seams;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No template does worse than to be refused: neither another error, nor endless time, nor endless memory. */
final class JinjaFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final String[] PIECES = {
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        "+",
        "{%-",
        "-%}",
        " ",
        "\n",
        "if",
        "else",
        "elif",
        "endif",
        "for",
        "in",
        "endfor",
        "set",
        "endset",
        "macro",
        "endmacro",
        "call",
        "endcall",
        "with",
        "endwith",
        "filter",
        "endfilter",
        "raw",
        "endraw",
        "generation",
        "endgeneration",
        "break",
        "continue",
        "is",
        "not",
        "and",
        "or",
        "defined",
        "none",
        "true",
        "x",
        "m",
        "messages",
        "loop",
        "namespace",
        "caller",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        "|",
        "~",
        "=",
        "==",
        "<",
        "*",
        "**",
        "/",
        "//",
        "%",
        "'a'",
        "\"b\"",
        "'",
        "\\",
        "0",
        "1",
        "-1",
        "2.5",
        "99999999999999999999",
        "1e400",
        "upper",
        "tojson",
        "list",
        "join",
        "map",
        "select",
        "sort",
        "items",
        "length",
        "int",
        "format",
        "indent",
        "replace",
        "split",
        "strip",
        "get",
        "range",
        "dict",
        "joiner",
        "raise_exception",
        "strftime_now",
        "é",
        "🙂",
        "\u0000"
    };
    private static final Map<String, Object> CONTEXT =
            Map.of("x", 3L, "m", Map.of("role", "user"), "messages", List.of(Map.of("role", "user", "content", "hi")));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void garbageIsRefusedOrRendered(long seed) {
        var random = Seams.random(seed);
        int rendered = 0;
        for (int i = 0; i < 2_000; i++) {
            rendered += survives(garbage(random)) ? 1 : 0;
        }
        assertThat(rendered).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void expressionsOfGarbageAreRefusedOrRendered(long seed) {
        var random = Seams.random(seed);
        int rendered = 0;
        for (int i = 0; i < 2_000; i++) {
            rendered += survives("{{ " + garbage(random).replace("}}", "") + " }}") ? 1 : 0;
        }
        assertThat(rendered).isPositive();
    }

    private static String garbage(RandomGenerator random) {
        var text = new StringBuilder();
        int pieces = random.nextInt(1, 20);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextBoolean() ? " " : "");
        }
        return text.toString();
    }

    private static boolean survives(String template) {
        try {
            JinjaTemplate.parse(template, CLOCK).render(CONTEXT);
            return true;
        } catch (ApprenticeException e) {
            assertThat(e).isInstanceOf(InvalidRequestException.class);
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{{ range(1000000) }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{{ 'a' * 10**10 }}",
                "{% set n = namespace(s='ab') %}{% for i in range(100) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
                "{% set n = namespace(l=[1]) %}{% for i in range(100) %}{% set n.l = n.l + n.l %}{% endfor %}",
                "{% set n = namespace(l=[1]) %}{% for i in range(100) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
                "{% set n = namespace(l=[1]) %}{% for i in range(90000) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l|tojson }}",
                "{% set n = namespace(a=[1], b=[1]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}"
                        + "{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}",
                "{% set s = 'ab' * 1000000 %}{% for i in range(100000) %}{{ s.replace('a', 'c')|length }}{% endfor %}",
                "{% set s = 'ab' * 1000000 %}{% for i in range(100000) %}{% if s[1999999] == 'c' %}{% endif %}{% endfor %}",
                "{{ '%1000000000d' % 1 }}",
                "{{ 'a'|indent(10000000000) }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 2 ** 100000 }}",
                "{{ [[1]]|tojson(indent=1000000000) }}",
            })
    void greedyTemplatesAreRefusedSoon(String template) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(2),
                () -> assertThatThrownBy(
                                () -> JinjaTemplate.parse(template, CLOCK).render(CONTEXT))
                        .isInstanceOf(InvalidRequestException.class));
    }

    @Test
    void deepNestingIsRefusedAtParsingAndAtRendering() {
        for (var template : List.of(
                "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
                "{{ " + "not ".repeat(100_000) + "1 }}",
                "{{ " + "-".repeat(100_000) + "1 }}",
                "{{ 1" + " + 1".repeat(100_000) + " }}",
                "{{ x" + ".a".repeat(100_000) + " }}",
                "{{ 1" + "|abs".repeat(100_000) + " }}",
                "{% if 1 %}".repeat(100_000))) {
            assertThatThrownBy(() -> JinjaTemplate.parse(template, CLOCK).render(CONTEXT))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }
}
