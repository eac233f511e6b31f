package dev.apprentice.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are found however an answer is cut into pieces, and what is no call is lost nowhere. */
final class ToolCallParserTest {
    private static final List<CalledTool> TWO =
            List.of(new CalledTool("add", "{\"x\": 1, \"s\": \"}\\\"]</tool_call>\"}"), new CalledTool("now", "{}"));

    /** What came of an answer. */
    private record Parsed(String text, List<CalledTool> calls) {}

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgainHoweverItIsCut(ToolFormat format) {
        var calls = TWO.subList(0, format == ToolFormat.LLAMA ? 1 : 2);
        var answer = format.write("", calls);
        for (int size = 1; size <= answer.length(); size++) {
            for (var wellFormed : new boolean[] {false, true}) {
                assertThat(parse(format, answer, size, wellFormed)).isEqualTo(new Parsed("", calls));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HERMES", "MISTRAL"})
    void textBeforeCallsIsTextWithoutTheBlanksBetween(ToolFormat format) {
        var answer = format.write("Let me see < [TOOL", TWO);
        for (int size = 1; size <= answer.length(); size += 3) {
            assertThat(parse(format, answer, size, false)).isEqualTo(new Parsed("Let me see < [TOOL", TWO));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "HERMES ~ <tool_call>{\"name\":\"now\"}</tool_call> Done. ~ ' Done.'",
                "HERMES ~ <tool_call>{\"name\":\"now\",\"arguments\":\"{}\"} ~ ''",
                "HERMES ~ <tool_call>{\"arguments\":{},\"name\":\"now\"}</tool_call> ~ ''",
                "LLAMA ~ <|python_tag|>{\"name\": \"now\", \"parameters\": {}} ~ ''",
                "LLAMA ~ {\"type\":\"function\",\"name\":\"now\",\"parameters\":{}} ~ ''",
                "MISTRAL ~ [TOOL_CALLS] [{\"name\":\"now\",\"arguments\":{},\"id\":\"abcdefghi\"}] ~ ''",
                "MISTRAL ~ [TOOL_CALLS]{\"name\":\"now\",\"arguments\":{}} ~ ''",
            })
    void modelsWriteTheirCallsThisWayToo(ToolFormat format, String answer, String text) {
        for (int size : new int[] {1, 7, 1000}) {
            var parsed = parse(format, answer, size, false);
            assertThat(parsed.calls()).containsExactly(new CalledTool("now", "{}"));
            assertThat(parsed.text().strip()).isEqualTo(text.strip());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b and <tool",
                "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"x\": 1}",
                "<tool_call>",
                "Hm. <tool_call>\nadd(1)\n</tool_call> so",
                "<tool_call>{\"name\": add}</tool_call>",
                "<tool_call>{\"name\":\"unheard_of\",\"arguments\":{}}</tool_call>",
                "<tool_call>{\"name\":\"add\",\"arguments\":[1]}</tool_call>",
                "<tool_call>{\"name\":\"add\",\"arguments\":{\"x\":1,}}</tool_call>",
                "two\n\nlines \n"
            })
    void whatIsNoCallIsGivenBackToTheLetter(String answer) {
        for (int size = 1; size <= answer.length(); size++) {
            assertThat(parse(ToolFormat.HERMES, answer, size, false)).isEqualTo(new Parsed(answer, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"answer\": 5}", "Hi {\"name\": 1}", " plain", "<|python_tag|>print(1)", "{\"name\""})
    void anAnswerInJsonOfAnotherKindIsText(String answer) {
        for (int size = 1; size <= answer.length(); size++) {
            assertThat(parse(ToolFormat.LLAMA, answer, size, false)).isEqualTo(new Parsed(answer, List.of()));
        }
    }

    @Test
    void argumentsAreToldBeforeTheyAreWholeWhereTheyMustBeWell() {
        var parser = new ToolCallParser(ToolFormat.HERMES, Set.of("add")::contains, true);
        var events = new ArrayList<ToolText>();
        for (var piece : List.of("<tool_call>\n{\"name\": \"add\", \"arguments\": ", "{\"x\"", ": 12")) {
            events.addAll(parser.push(piece));
        }
        assertThat(events)
                .containsExactly(
                        new ToolText.Begun("add"), new ToolText.Arguments("{\"x\""), new ToolText.Arguments(": 12"));
        assertThat(parser.finish()).containsExactly(new ToolText.Ended());
    }

    private static Parsed parse(ToolFormat format, String answer, int size, boolean wellFormed) {
        var parser = new ToolCallParser(format, Set.of("add", "now")::contains, wellFormed);
        var events = new ArrayList<ToolText>();
        for (int at = 0; at < answer.length(); at += size) {
            events.addAll(parser.push(answer.substring(at, Math.min(answer.length(), at + size))));
        }
        events.addAll(parser.finish());
        return parsed(events);
    }

    private static Parsed parsed(List<ToolText> events) {
        var text = new StringBuilder();
        var calls = new ArrayList<CalledTool>();
        for (var event : events) {
            switch (event) {
                case ToolText.Text(var more) -> text.append(more);
                case ToolText.Begun(var name) -> calls.add(new CalledTool(name, ""));
                case ToolText.Arguments(var json) -> {
                    var begun = calls.removeLast();
                    calls.add(new CalledTool(begun.name(), begun.arguments() + json));
                }
                case ToolText.Ended() -> {}
            }
        }
        return new Parsed(text.toString(), calls);
    }
}
