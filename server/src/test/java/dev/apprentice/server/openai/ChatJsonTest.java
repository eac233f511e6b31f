package dev.apprentice.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.learner.Provenance;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.openai.ChatRequest.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The forms that strict clients parse (CASES C31, C58). */
final class ChatJsonTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Provenance SUPPORT = new Provenance("support", 3, true, null, false, List.of("les_1"), "e1");

    @Test
    void aWholeAnswerHasEveryRequiredField() {
        var completion = new Completion("Hi!", tokens(), FinishReason.STOP, 10, 4);
        assertThat(json(Delivery.WHOLE, null).whole(List.of(ended(completion))))
                .hasToString("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1767323045,"
                        + "\"model\":\"support\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"Hi!\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}},"
                        + "\"apprentice\":{\"instance\":\"support\",\"checkpoint\":3,\"familiar\":true,"
                        + "\"confidence\":null,\"needs_help\":false,\"recalled\":[\"les_1\"],\"episode\":\"e1\"}}");
    }

    @Test
    void everyChunkHasTheSameHeadAndOnlyTheLastAFinishReason() {
        var json = json(Delivery.STREAM, null);
        var chunks = List.of(
                json.first(0), json.more(0, new ToldEvent.Text("Hi", tokens())), json.last(0, Ending.LENGTH, true));
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.get("id").asText()).isEqualTo("chatcmpl-1");
            assertThat(chunk.get("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.get("created").asLong()).isEqualTo(1767323045L);
            assertThat(chunk.at("/choices/0/index").asInt()).isZero();
            assertThat(chunk.has("usage")).isFalse();
        });
        assertThat(chunks)
                .extracting(chunk -> chunk.at("/choices/0/finish_reason").asText())
                .containsExactly("null", "null", "length");
        assertThat(chunks).extracting(chunk -> chunk.has("apprentice")).containsExactly(false, false, true);
        assertThat(chunks.get(0).at("/choices/0/delta").toString())
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}");
        assertThat(chunks.get(2).at("/choices/0/delta").toString()).isEqualTo("{}");
    }

    @Test
    void usageIsNullInAllChunksButOneAndThatHasNoChoice() {
        var json = json(Delivery.STREAM_WITH_USAGE, null);
        assertThat(json.first(0).get("usage").isNull()).isTrue();
        var count = json.count(List.of(new Completion("Hi", tokens(), FinishReason.STOP, 7, 0)));
        assertThat(count.get("choices").toString()).isEqualTo("[]");
        assertThat(count.at("/usage/total_tokens").asInt()).isEqualTo(9);
    }

    @Test
    void logprobsSpellTheBytesOfHalfACharacter() {
        var json = json(Delivery.STREAM, new LogprobsJson(ChatJsonTest::bytes));
        ObjectNode chunk = json.more(0, new ToldEvent.Text("Hi", tokens()));
        assertThat(chunk.at("/choices/0/logprobs").toString())
                .isEqualTo("{\"content\":[{\"token\":\"Hi\",\"logprob\":-0.5,\"bytes\":[72,105],\"top_logprobs\":"
                        + "[{\"token\":\"Hi\",\"logprob\":-0.5,\"bytes\":[72,105]},{\"token\":\"bytes:\\\\xf0\\\\x9f\","
                        + "\"logprob\":-1.5,\"bytes\":[240,159]}]},{\"token\":\"bytes:\\\\xf0\\\\x9f\",\"logprob\":-2.0,"
                        + "\"bytes\":[240,159],\"top_logprobs\":[]}],\"refusal\":null}");
    }

    @Test
    void aTokenWithoutTextIsToldOnlyWhereItsLogprobWasAskedFor() {
        var half = new ToldEvent.Text("", List.of(new SampledToken(2, -1, List.of())));
        assertThat(json(Delivery.STREAM, null).says(half)).isFalse();
        assertThat(json(Delivery.STREAM, new LogprobsJson(ChatJsonTest::bytes)).says(half))
                .isTrue();
    }

    private static List<SampledToken> tokens() {
        var top = List.of(new SampledToken.Alternative(1, -0.5), new SampledToken.Alternative(2, -1.5));
        return List.of(new SampledToken(1, -0.5, top), new SampledToken(2, -2, List.of()));
    }

    private static byte[] bytes(int id) {
        return id == 1 ? "Hi".getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) 0xf0, (byte) 0x9f};
    }

    private static ChatJson json(Delivery delivery, @org.jspecify.annotations.Nullable LogprobsJson logprobs) {
        return new ChatJson(new Support(), delivery, logprobs);
    }

    private static ToldEvent.Ended ended(Completion completion) {
        return new ToldEvent.Ended(Ending.STOP, null, completion.text(), List.of(), completion);
    }

    /** An answer whose events are not read. */
    private record Support() implements Told {
        @Override
        public String id() {
            return "chatcmpl-1";
        }

        @Override
        public int choice() {
            return 0;
        }

        @Override
        public Instant created() {
            return NOW;
        }

        @Override
        public String model() {
            return "support";
        }

        @Override
        public int promptTokens() {
            return 10;
        }

        @Override
        public Provenance provenance() {
            return SUPPORT;
        }

        @Override
        public ToldEvent next() {
            throw new AssertionError("not read here");
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void close() {}
    }
}
