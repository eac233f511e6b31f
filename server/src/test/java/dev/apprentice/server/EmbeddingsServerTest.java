package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings of the real server (CASES C68). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class EmbeddingsServerTest {

    @Test
    void aVectorIsTheSameAloneAndInAListAndHasLengthOne(Calls calls) {
        var alone = embed(calls, input().put("input", "A red fox.")).at("/data/0/embedding");
        var many = input();
        many.putArray("input")
                .add("Something else that is much longer than the other one.")
                .add("A red fox.");
        var list = embed(calls, many);
        assertThat(list.get("data"))
                .extracting(entry -> entry.get("index").asInt())
                .containsExactly(0, 1);
        assertThat(list.at("/data/1/embedding")).isEqualTo(alone);
        assertThat(list.at("/data/0/embedding")).isNotEqualTo(alone);
        double squares = 0;
        for (var part : alone) {
            squares += part.asDouble() * part.asDouble();
        }
        assertThat(squares).isCloseTo(1, within(1e-5));
    }

    @Test
    void base64IsLittleEndianAndEqualToFloats(Calls calls) {
        var floats = embed(calls, input().put("input", "A red fox.")).at("/data/0/embedding");
        var base64 = embed(calls, input().put("input", "A red fox.").put("encoding_format", "base64"));
        var bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(base64.at("/data/0/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(floats.size() * Float.BYTES);
        for (var part : floats) {
            assertThat(bytes.getFloat()).isEqualTo(part.floatValue());
        }
    }

    @Test
    void dimensionsCutTheVectorAndScaleItAgain(Calls calls) {
        var whole = embed(calls, input().put("input", "A red fox.")).at("/data/0/embedding");
        var cut = embed(calls, input().put("input", "A red fox.").put("dimensions", 8))
                .at("/data/0/embedding");
        assertThat(cut).hasSize(8);
        double scale = cut.get(0).asDouble() / whole.get(0).asDouble();
        double squares = 0;
        for (int i = 0; i < 8; i++) {
            assertThat(cut.get(i).asDouble()).isCloseTo(whole.get(i).asDouble() * scale, within(1e-5));
            squares += cut.get(i).asDouble() * cut.get(i).asDouble();
        }
        assertThat(squares).isCloseTo(1, within(1e-5));
    }

    @Test
    void tokenIdsAreReadAsTheyAre(Calls calls, Apprentice apprentice) {
        var text = embed(calls, input().put("input", "A red fox."));
        var ids = input();
        var list = ids.putArray("input");
        for (int id : apprentice.engine().tokenizer().encodePlain("A red fox.")) {
            list.add(id);
        }
        assertThat(embed(calls, ids)).isEqualTo(text);
        assertThat(text.at("/usage/prompt_tokens").asInt()).isEqualTo(list.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"input\":[]",
                "\"input\":\"\"",
                "\"input\":null",
                "\"input\":5",
                "\"input\":[\"a\",\"\"]",
                "\"input\":[\"a\",5]",
                "\"input\":[[]]",
                "\"input\":[-1]",
                "\"input\":[99999999]",
                "\"input\":[1.5]",
                "\"input\":\"a\",\"encoding_format\":\"x\"",
                "\"input\":\"a\",\"dimensions\":0",
                "\"input\":\"a\",\"dimensions\":100000"
            })
    void whatCannotBeEmbeddedIs400(String fields, Calls calls) {
        var reply = calls.post("/v1/embeddings", "{\"model\":\"base\"," + fields + "}");
        assertThat(reply.status()).isEqualTo(400);
        var wrong = fields.replaceFirst(".*\"(\\w+)\":[^:]*$", "$1");
        assertThat(reply.text("/error/param")).startsWith(wrong);
    }

    @Test
    void tooManyOrTooLongTextsAre400(Calls calls) {
        var many = input();
        var list = many.putArray("input");
        for (int i = 0; i < 2049; i++) {
            list.add("a");
        }
        assertThat(calls.post("/v1/embeddings", many.toString()).status()).isEqualTo(400);
        var longText = calls.post(
                "/v1/embeddings", input().put("input", "word ".repeat(9000)).toString());
        assertThat(longText.status()).isEqualTo(400);
        assertThat(longText.text("/error/code")).isEqualTo("context_length_exceeded");
        assertThat(longText.text("/error/message")).contains("at most 8192 tokens", "found 9");
    }

    @Test
    void aTextOfManyPiecesHasAVectorToo(Calls calls, Apprentice apprentice) {
        var text = "The quick brown fox jumps over the lazy dog. ".repeat(250);
        assertThat(apprentice.engine().tokenizer().encodePlain(text)).hasSizeGreaterThan(2048);

        var reply = embed(calls, input().put("input", text));

        assertThat(reply.at("/usage/prompt_tokens").asInt()).isGreaterThan(2048);
        assertThat(reply.at("/data/0/embedding"))
                .hasSize(apprentice.engine().base().config().hidden());
    }

    @Test
    void anUnknownModelHasNoVectors(Calls calls) {
        var reply = calls.post("/v1/embeddings", "{\"model\":\"nobody\",\"input\":\"a\"}");
        assertThat(reply.status()).isEqualTo(404);
    }

    private static ObjectNode input() {
        return Json.strict().createObjectNode().put("model", "base");
    }

    private static JsonNode embed(Calls calls, ObjectNode body) {
        var reply = calls.post("/v1/embeddings", body.toString());
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }
}
