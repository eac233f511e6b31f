package dev.apprentice.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Json;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.engine.model.GenerationDefaults;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.Extras;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.http.Fields;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenAI's clients send, and what they must hear when it cannot be (CASES C46, C57, C58). */
final class ChatRequestReaderTest {
    private static final String HELLO = "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void aPlainRequestHasTheDefaults() {
        var request = read("{" + HELLO + "}");
        assertThat(request.asking().messages()).containsExactly(ChatMessage.of("user", "hi"));
        assertThat(request.asking().maxTokens()).isNull();
        assertThat(request.delivery()).isEqualTo(ChatRequest.Delivery.WHOLE);
        assertThat(request.asking().extras()).isEqualTo(Extras.NONE);
        var sampling = request.asking().sampling();
        assertThat(sampling.temperature()).isEqualTo(0.7);
        assertThat(sampling.topP()).isEqualTo(0.9);
        assertThat(sampling.topK()).isEqualTo(40);
        assertThat(sampling.seed()).isEqualTo(42);
    }

    @Test
    void nullsAreAbsentAndUnknownFieldsIgnored() {
        var request = read("{" + HELLO + """
                ,"stop":null,"tools":null,"tool_choice":null,"response_format":null,"seed":null,"logit_bias":null,
                "stream":null,"stream_options":null,"user":null,"metadata":null,"n":null,"temperature":null,
                "top_p":null,"max_tokens":null,"max_completion_tokens":null,"logprobs":null,"top_logprobs":null,
                "frequency_penalty":null,"presence_penalty":null,"parallel_tool_calls":null,"functions":null,
                "apprentice":null,"modalities":null,"guided_regex":null,"top_k":null,"min_p":null,"min_tokens":null,
                "ignore_eos":null,"repetition_penalty":null,"service_tier":"auto","store":false,"x_unheard_of":[1]}""");
        assertThat(request).isEqualTo(read("{" + HELLO + "}"));
    }

    @Test
    void whatChangesNothingIsTaken() {
        var request = read("{" + HELLO + """
                ,"n":1,"tools":[],"tool_choice":"none","response_format":{"type":"text"},"logit_bias":{},
                "frequency_penalty":0,"presence_penalty":0.0,"repetition_penalty":1,"modalities":["text"]}""");
        assertThat(request).isEqualTo(read("{" + HELLO + "}"));
    }

    @Test
    void penaltiesAndBiasesAreReadAsTheyAreWritten() {
        var sampling = read("{" + HELLO + """
                ,"logit_bias":{"50256":-100},"frequency_penalty":0.5,"presence_penalty":-1,"repetition_penalty":1.1}""").asking().sampling();
        assertThat(sampling.logitBias()).isEqualTo(Map.of(50_256, -100.0));
        assertThat(sampling.penalties()).isEqualTo(new Penalties(1.1, -1, 0.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modalities           | [\"text\",\"audio\"]",
            })
    void whatIsNotBuiltIsRefusedByName(String field, String value) {
        var body = "\"" + field + "\":" + value;
        assertThatThrownBy(() -> read("{" + HELLO + "," + body + "}"))
                .isInstanceOfSatisfying(
                        NotBuiltException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining("not built yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model                 | 5",
                "temperature           | 2.5",
                "temperature           | \"1\"",
                "top_p                 | 0",
                "top_p                 | 1.01",
                "top_k                 | -2",
                "min_p                 | 2",
                "seed                  | 1.5",
                "seed                  | \"x\"",
                "max_tokens            | 0",
                "max_tokens            | -1",
                "max_tokens            | 2147483648",
                "max_completion_tokens | 0",
                "max_completion_tokens | true",
                "min_tokens            | 600",
                "n                     | 0",
                "n                     | 129",
                "functions             | [{\"name\":\"f\"}]",
                "function_call         | \"auto\"",
                "tools                 | [{\"type\":\"function\"}]",
                "tools                 | [{\"type\":\"web\"}]",
                "tools                 | [{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]",
                "tools                 | [{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]",
                "tool_choice           | {\"type\":\"function\",\"function\":{\"name\":\"g\"}}",
                "parallel_tool_calls   | 1",
                "stream                | \"true\"",
                "stream_options        | {\"include_usage\":true}",
                "logprobs              | 5",
                "top_logprobs          | 5",
                "top_logprobs          | 21",
                "stop                  | \"\"",
                "stop                  | [\"a\",\"\"]",
                "stop                  | [1]",
                "stop                  | {}",
                "frequency_penalty     | 3",
                "tool_choice           | \"required\"",
                "metadata              | \"x\"",
                "metadata              | {\"episode\":7}",
                "apprentice            | {\"recal\":true}",
                "apprentice            | {\"adapter\":\"maybe\"}",
                "response_format       | {\"type\":\"xml\"}",
                "response_format       | {\"type\":\"json_schema\"}",
                "response_format       | {\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\"}}",
                "response_format       | {\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}",
                "response_format       | {\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a b\",\"schema\":{}}}",
                "guided_choice         | []",
                "guided_choice         | [1]",
                "guided_regex          | 5",
                "user                  | 5",
                "store                 | \"no\"",
                "metadata              | {\"a\":5}",
                "messages              | []",
                "messages              | \"hi\"",
                "messages              | [\"hi\"]",
                "messages              | [{\"role\":\"foo\",\"content\":\"x\"}]",
                "messages              | [{\"content\":\"x\"}]",
                "messages              | [{\"role\":\"user\"}]",
                "messages              | [{\"role\":\"user\",\"content\":null}]",
                "messages              | [{\"role\":\"user\",\"content\":[]}]",
                "messages              | [{\"role\":\"user\",\"content\":5}]",
                "messages              | [{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]",
                "messages              | [{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[{\"id\":\"1\",\"function\":"
                        + "{\"name\":\"f\",\"arguments\":\"{}\"}}]}]",
            })
    void aWrongTypeOrRangeIsRefusedByName(String field, String value) {
        var others = new StringBuilder();
        if (!field.equals("model")) {
            others.append("\"model\":\"m\",");
        }
        if (!field.equals("messages")) {
            others.append("\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],");
        }
        assertThatThrownBy(() -> read("{" + others + "\"" + field + "\":" + value + "}"))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).startsWith(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "messages"})
    void whatMustBeThereIsNamed(String field) {
        var body = field.equals("model") ? "{\"messages\":[]}" : "{\"model\":\"m\"}";
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(ApprenticeException.class, e -> {
            assertThat(e.code()).isEqualTo("missing_field");
            assertThat(e.field()).isEqualTo(field);
        });
    }

    @Test
    void formsAreRead() {
        assertThat(form("\"response_format\":{\"type\":\"json_object\"}")).isEqualTo(new Constraint.JsonObject());
        assertThat(form("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,"
                        + "\"schema\":{\"type\":\"object\"}}}"))
                .isEqualTo(new Constraint.JsonSchema("{\"type\":\"object\"}"));
        assertThat(form("\"guided_regex\":\"a+\"")).isEqualTo(new Constraint.Regex("a+"));
        assertThat(form("\"guided_choice\":[\"a\",\"b\"]"))
                .isEqualTo(new Constraint.OneOf(List.of(new Constraint.Literal("a"), new Constraint.Literal("b"))));
    }

    private static Constraint form(String fields) {
        return read("{" + HELLO + "," + fields + "}").asking().form();
    }

    @Test
    void metadataBeyondOpenAisLimitsIsRefused() {
        var names = IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));
        for (var metadata : List.of(names, "\"" + "k".repeat(65) + "\":\"v\"", "\"k\":\"" + "v".repeat(513) + "\"")) {
            assertThatThrownBy(() -> read("{" + HELLO + ",\"metadata\":{" + metadata + "}}"))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            e -> assertThat(e.field()).isEqualTo("metadata"));
        }
    }

    @Test
    void theNewerLimitWins() {
        assertThat(read("{" + HELLO + ",\"max_tokens\":9,\"max_completion_tokens\":5}")
                        .asking()
                        .maxTokens())
                .isEqualTo(5);
        assertThat(read("{" + HELLO + ",\"max_tokens\":9}").asking().maxTokens())
                .isEqualTo(9);
    }

    @Test
    void textPartsAreJoinedInOrder() {
        var request = read("""
                {"model":"m","messages":[
                  {"role":"developer","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},
                  {"role":"user","content":"hi","name":"Ada"}]}""");
        assertThat(request.asking().messages().getFirst()).isEqualTo(ChatMessage.of("developer", "AB"));
        assertThat(request.asking().messages().getLast().name()).isEqualTo("Ada");
    }

    @Test
    void aToolConversationComesBack() {
        var request = read("""
                {"model":"m","messages":[
                  {"role":"user","content":"1+1?"},
                  {"role":"assistant","content":null,"tool_calls":[
                    {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}}]},
                  {"role":"tool","tool_call_id":"c1","content":"2"},
                  {"role":"assistant","content":"2","tool_calls":[]}]}""");
        assertThat(request.asking().messages().get(1).content()).isEmpty();
        assertThat(request.asking().messages().get(1).toolCalls()).hasSize(1);
        assertThat(request.asking().messages().get(2).toolCallId()).isEqualTo("c1");
    }

    @Test
    void vllmsNamesAreUnderstood() {
        var sampling = read("{" + HELLO
                        + ",\"top_k\":-1,\"min_p\":0.1,\"min_tokens\":3,\"ignore_eos\":true,\"seed\":7,\"stop\":\"x\"}")
                .asking()
                .sampling();
        assertThat(sampling.topK()).isZero();
        assertThat(sampling.minP()).isEqualTo(0.1);
        assertThat(sampling.minTokens()).isEqualTo(3);
        assertThat(sampling.ignoreEos()).isTrue();
        assertThat(sampling.seed()).isEqualTo(7);
        assertThat(sampling.stop()).containsExactly("x");
    }

    @Test
    void ourWishesAreRead() {
        var request = read("{" + HELLO + """
                ,"apprentice":{"recall":false,"adapter":"always","learn":false,"best_of":3},
                "metadata":{"episode":"e1"},"stream":true,"stream_options":{"include_usage":true}}""");
        assertThat(request.asking().extras()).isEqualTo(new Extras(false, Extras.Adapter.ALWAYS, false, 3, null));
        assertThat(request.asking().episode()).isEqualTo("e1");
        assertThat(request.delivery()).isEqualTo(ChatRequest.Delivery.STREAM_WITH_USAGE);
    }

    @Test
    void theEpisodeMayComeInAHeader() {
        assertThat(reader().read(fields("{" + HELLO + "}"), "e2").asking().episode())
                .isEqualTo("e2");
    }

    private static ChatRequest read(String body) {
        return reader().read(fields(body), null);
    }

    private static ChatRequestReader reader() {
        return new ChatRequestReader(new SamplingFields(new GenerationDefaults(0.7, 0.9, 40, null, true), () -> 42L));
    }

    private static Fields fields(String body) {
        try {
            return Fields.of(Json.strict().readTree(body));
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }
}
