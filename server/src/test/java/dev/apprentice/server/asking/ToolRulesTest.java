package dev.apprentice.server.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.text.ToolFormat;
import dev.apprentice.server.http.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What form calls must have, by the choice of tools. */
final class ToolRulesTest {
    private static final Tool FREE = new Tool("free", "", Wire.object(), false);
    private static final Tool STRICT = new Tool("strict", "", Wire.object().put("type", "object"), true);

    private static final Constraint SCHEMA =
            new Constraint.JsonSchema("{\"type\":\"object\"}", "tools.strict.parameters");

    @Test
    void nothingIsForcedWhereTheModelMayDoAsItLikes() {
        assertThat(constraint(ToolFormat.HERMES, new ToolChoice.Auto(), FREE)).isEqualTo(new Constraint.None());
    }

    @Test
    void noToolsOrNoneWantedMeansNoRules() {
        assertThat(ToolRules.of(asking(new ToolChoice.None(), true, FREE), null))
                .isEmpty();
        assertThat(ToolRules.of(asking(new ToolChoice.Auto(), true), null)).isEmpty();
    }

    @Test
    void aModelWithoutAFormRefusesTools() {
        assertThatThrownBy(() -> ToolRules.of(asking(new ToolChoice.Auto(), true, FREE), null))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("tools"));
    }

    @Test
    void aNamedToolIsTheWholeAnswer() {
        assertThat(constraint(ToolFormat.HERMES, new ToolChoice.Named("strict"), FREE, STRICT))
                .isEqualTo(sequence(sequence(
                        literal("<tool_call>\n{\"name\": \"strict\", \"arguments\": "),
                        SCHEMA,
                        literal("}\n</tool_call>"))));
    }

    @Test
    void aRequiredToolIsAnyOfThemAndMistralsListIsClosed() {
        var asking = asking(new ToolChoice.Required(), false, FREE, STRICT);
        assertThat(ToolRules.of(asking, ToolFormat.MISTRAL).orElseThrow().constraint())
                .isEqualTo(sequence(
                        new Constraint.OneOf(List.of(
                                sequence(
                                        literal("[TOOL_CALLS][{\"name\": \"free\", \"arguments\": "),
                                        new Constraint.JsonObject(),
                                        literal("}")),
                                sequence(
                                        literal("[TOOL_CALLS][{\"name\": \"strict\", \"arguments\": "),
                                        SCHEMA,
                                        literal("}")))),
                        literal("]")));
    }

    @Test
    void aStrictToolIsHeldToItsSchemaFromWhereACallBegins() {
        var call = sequence(sequence(literal("{\"name\": \"strict\", \"parameters\": "), SCHEMA, literal("}")));
        var rest = sequence(sequence(literal(": \"strict\", \"parameters\": "), SCHEMA, literal("}")));
        assertThat(constraint(ToolFormat.LLAMA, new ToolChoice.Auto(), STRICT))
                .isEqualTo(new Constraint.Triggered("<|python_tag|>", call, false, " { \"name\"", rest));
    }

    @Test
    void textMayFollowACallOnlyWhereEachCallIsMarkedAndMoreAreWanted() {
        var call = sequence(
                sequence(literal("\n{\"name\": \"strict\", \"arguments\": "), SCHEMA, literal("}\n</tool_call>")));
        for (var parallel : List.of(true, false)) {
            var rules = ToolRules.of(asking(new ToolChoice.Auto(), parallel, STRICT), ToolFormat.HERMES);
            assertThat(rules.orElseThrow().constraint())
                    .isEqualTo(new Constraint.Triggered("<tool_call>", call, parallel, "", new Constraint.None()));
        }
        assertThat(constraint(ToolFormat.MISTRAL, new ToolChoice.Auto(), STRICT))
                .isInstanceOfSatisfying(
                        Constraint.Triggered.class, it -> assertThat(it.again()).isFalse());
    }

    private static Constraint constraint(ToolFormat format, ToolChoice choice, Tool... tools) {
        return ToolRules.of(asking(choice, true, tools), format).orElseThrow().constraint();
    }

    private static Asking asking(ToolChoice choice, boolean parallel, Tool... tools) {
        return Asking.to("base", List.of(ChatMessage.of("user", "?")), SamplingParams.greedy(1))
                .tools(List.of(tools))
                .toolChoice(choice)
                .parallelToolCalls(parallel)
                .done();
    }

    private static Constraint sequence(Constraint... parts) {
        return new Constraint.Sequence(List.of(parts));
    }

    private static Constraint literal(String text) {
        return new Constraint.Written(text);
    }
}
