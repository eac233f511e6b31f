package dev.apprentice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.SamplingParams;
import io.opentelemetry.api.common.AttributeKey;
import org.junit.jupiter.api.Test;

final class AnswerSpanTest {
    private static final AttributeKey<String> ASKED = AttributeKey.stringKey("gen_ai.input.messages");
    private static final AttributeKey<String> SAID = AttributeKey.stringKey("gen_ai.output.messages");

    private final KeptSpans spans = new KeptSpans();

    @Test
    void contentIsNotEvenWrittenUnlessItIsCaptured() {
        var inference = inference("clerk", () -> {
            throw new AssertionError("the question was written");
        });
        answer(inference, false).ended(AnswerSpan.Ending.STOP, 3, 1, () -> {
            throw new AssertionError("the answer was written");
        });
        assertThat(spans.named("chat clerk").getAttributes().get(ASKED)).isNull();
        assertThat(spans.named("chat clerk").getAttributes().get(SAID)).isNull();
    }

    @Test
    void capturedContentIsWithItsSpan() {
        answer(inference("clerk", () -> "[\"asked\"]"), true).ended(AnswerSpan.Ending.STOP, 3, 1, () -> "[\"said\"]");
        assertThat(spans.named("chat clerk").getAttributes().get(ASKED)).isEqualTo("[\"asked\"]");
        assertThat(spans.named("chat clerk").getAttributes().get(SAID)).isEqualTo("[\"said\"]");
    }

    @Test
    void anAnswerThatIsGivenUpSaysSo() {
        answer(inference("clerk", () -> ""), false).close();
        assertThat(spans.named("chat clerk").getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("given_up");
    }

    private AnswerSpan answer(Inference inference, boolean capturesContent) {
        return new AnswerSpan(new Metrics(), spans.provider().get("test"), inference, "base-of-all", capturesContent);
    }

    private static Inference inference(String model, java.util.function.Supplier<String> messages) {
        return new Inference(Inference.Operation.CHAT, model, SamplingParams.greedy(4), 4, 1, null, messages);
    }
}
