package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedEngine.class)
@Timeout(120)
class ConstraintTest {
    private static final String NESTED = """
            {"type":"object","required":["name","tags"],"additionalProperties":false,"properties":{
              "name":{"type":"string","minLength":1,"maxLength":6},
              "age":{"type":"integer","minimum":-5,"maximum":130},
              "kind":{"enum":["a\\"b",null,3]},
              "tags":{"type":"array","items":{"$ref":"#/$defs/tag"},"minItems":1,"maxItems":2}},
             "$defs":{"tag":{"type":"object","properties":{"code":{"type":"string","pattern":"^[A-Z]{2}-\\\\d+$"}},
              "required":["code"]}}}""";

    private final Engine engine;

    ConstraintTest(Engine engine) {
        this.engine = engine;
    }

    private Generation submit(Constraint constraint, long seed, int maxTokens) {
        return engine.submit(request(new SamplingParams(
                        1, 1, 0, 0, Penalties.NONE, Map.of(), seed, maxTokens, 0, List.of(), false, 0))
                .formed(constraint));
    }

    private GenerationRequest request(SamplingParams params) {
        var prompt = engine.template()
                .render(List.of(ChatMessage.of("user", "Describe a dog as JSON.")), List.of(), true, Map.of());
        return GenerationRequest.of(prompt.ids(), params);
    }

    @Test
    void answersHaveTheNestedFormAskedForAtAnySeedBesideAFreeOne() throws Exception {
        var free = submit(new Constraint.None(), 1, 20);
        var running = new ArrayList<Generation>();
        for (int seed = 0; seed < 6; seed++) {
            running.add(submit(new Constraint.JsonSchema(NESTED), seed, 90));
        }

        int whole = 0;
        for (var generation : running) {
            var answer = generation.await();
            if (answer.finish() == FinishReason.STOP) {
                assertValid(answer);
                whole++;
            }
        }
        assertThat(whole).isPositive();
        assertThat(free.await().text())
                .isEqualTo(submit(new Constraint.None(), 1, 20).await().text());
    }

    private static void assertValid(Completion answer) throws JsonProcessingException {
        var json = Json.strict().readTree(answer.text());
        var name = json.get("name").textValue();
        assertThat(name.codePointCount(0, name.length())).isBetween(1, 6);
        assertThat(json.path("age").asInt(0)).isBetween(-5, 130);
        assertThat(json.get("tags").size()).isBetween(1, 2);
        json.get("tags").forEach(tag -> assertThat(tag.get("code").textValue()).matches("[A-Z]{2}-\\d+"));
        assertThat(json.propertyStream().map(Map.Entry::getKey)).isSubsetOf("name", "age", "kind", "tags");
    }

    @Test
    void anyObjectIsParseableOrCutByItsLength() throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            var answer = submit(new Constraint.JsonObject(), seed, 50).await();

            assertThat(answer.text()).startsWith("{");
            if (answer.finish() == FinishReason.STOP) {
                assertThat(Json.strict().readTree(answer.text()).isObject()).isTrue();
            } else {
                assertThat(answer.finish()).isEqualTo(FinishReason.LENGTH);
            }
        }
    }

    @Test
    void choicesAndExpressionsAreKeptToAndEndByThemselves() throws InterruptedException {
        var choice = new Constraint.OneOf(List.of(new Constraint.Literal("été"), new Constraint.Literal("winter 🙂")));

        assertThat(submit(choice, 1, 20).await().text()).isIn("été", "winter 🙂");
        var code = submit(new Constraint.Regex("[a-c]{3}|\\d{4}"), 2, 20).await();
        assertThat(code.text()).matches("[a-c]{3}|\\d{4}");
        assertThat(code.finish()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aForcedAnswerYieldsToTheForm() throws InterruptedException {
        var ids = Arrays.stream(engine.tokenizer().encode("no", false)).boxed().toList();
        var answer = engine.submit(request(SamplingParams.greedy(9))
                        .guided(new AnswerGuide.Forced(ids))
                        .formed(new Constraint.Literal("yes")))
                .await();

        assertThat(answer.text()).isEqualTo("yes");
    }

    @Test
    void aCallThatTheModelBeginsInFreeTextIsHeldToItsSchema() throws InterruptedException {
        var wrong = "Sure. <tool_call>{\"x\": \"two\"}</tool_call> Done.";
        var tokens =
                Arrays.stream(engine.tokenizer().encode(wrong, false)).boxed().toList();
        var prior = new AnswerGuide.Prior(.999, List.of(new AnswerGuide.WeightedAnswer(tokens, 1)));
        var schema = new Constraint.JsonSchema(
                "{\"type\":\"object\",\"required\":[\"x\"],\"properties\":{\"x\":{\"type\":\"integer\",\"maximum\":99}}}");
        var call = new Constraint.Sequence(List.of(schema, new Constraint.Written("</tool_call>")));

        var answer = engine.submit(request(SamplingParams.greedy(40))
                        .guided(prior)
                        .formed(new Constraint.Triggered("<tool_call>", call, false, "", new Constraint.None())))
                .await();

        assertThat(answer.text()).matches("Sure\\. <tool_call>\\{\"x\": ?-?\\d+}</tool_call>");
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"multipleOf\":-2}}} | properties.a.multipleOf",
                "{\"type\":\"strng\"} | type",
                "{\"$ref\":\"#/$defs/none\"} | $ref",
                "{\"$ref\":\"#\"} | response_format",
                "{\"type\":\"string\",\"pattern\":\"(\"} | pattern",
                "{\"type\":\"string\",\"pattern\":\"(?=a)\"} | pattern",
                "{\"oneOf\":[{},{}]} | oneOf",
                "{\"not\":{}} | not",
                "{\"type\":\"array\",\"uniqueItems\":true} | uniqueItems"
            })
    void whatCannotBeEnforcedIsRefusedByNameAndPath(String schema, String field) {
        assertThatThrownBy(() -> engine.check(new Constraint.JsonSchema(schema)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).endsWith(field));
    }

    @Test
    void whatIsNestedTooDeepIsRefused() {
        var deep = "{\"type\":\"array\",\"items\":".repeat(500) + "{}" + "}".repeat(500);

        assertThatThrownBy(() -> engine.check(new Constraint.JsonSchema(deep)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> engine.check(new Constraint.Regex("(".repeat(5000))))
                .isInstanceOf(InvalidRequestException.class);
    }
}
