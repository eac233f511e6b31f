package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Embeddings through clients that others wrote, which ask for them in different encodings (CASES C68). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class EmbeddingClientsServerTest {
    private static final List<String> TEXTS = List.of("a cat", "a kitten", "tax law");

    @Test
    void openAisClientReadsBothEncodingsAlike(Apprentice apprentice) {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .responseValidation(true)
                .build();
        var params = EmbeddingCreateParams.builder().model("base").inputOfArrayOfStrings(TEXTS);
        var base64 = client.embeddings().create(params.build()).validate().data();
        var floats = client.embeddings()
                .create(params.encodingFormat(EncodingFormat.FLOAT).build())
                .validate()
                .data();
        assertThat(base64).hasSize(3);
        for (var i = 0; i < base64.size(); i++) {
            assertThat(base64.get(i).index()).isEqualTo(i);
            assertThat(base64.get(i).embedding()).isEqualTo(floats.get(i).embedding());
        }
        client.close();
    }

    @Test
    void langChainReadsUnitVectorsInOrder(Apprentice apprentice) {
        var model = OpenAiEmbeddingModel.builder()
                .baseUrl(url(apprentice))
                .apiKey("any")
                .modelName("base")
                .build();
        var vectors =
                model.embedAll(TEXTS.stream().map(TextSegment::from).toList()).content();
        assertThat(vectors).hasSize(3).allSatisfy(vector -> {
            var squares = 0.0;
            for (var x : vector.vector()) {
                squares += x * x;
            }
            assertThat(squares).isCloseTo(1, within(1e-4)); // of length one, as the contract says
        });
        var alone = model.embed(TEXTS.getLast()).content().vector();
        for (var i = 0; i < alone.length; i++) {
            assertThat(vectors.getLast().vector()[i])
                    .isCloseTo(alone[i], within(1e-4f)); // batched sums round otherwise
        }
    }

    private static String url(Apprentice apprentice) {
        return "http://127.0.0.1:" + apprentice.port() + "/v1";
    }
}
