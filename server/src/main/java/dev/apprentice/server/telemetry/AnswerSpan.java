package dev.apprentice.server.telemetry;

import dev.apprentice.learner.Answer;
import dev.apprentice.learner.Stage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer from its question to its end, as figures and as a span by the GenAI conventions; inside it a span for each
 * stage that it went through. Used by the thread that reads the answer; the record's span comes from the store's.
 */
public final class AnswerSpan implements AutoCloseable {
    private static final double NANOS = 1e9;

    /** How an answer ended. */
    public enum Ending {
        STOP,
        LENGTH,
        TOOL_CALLS,
        FAILED,
        GIVEN_UP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Metrics metrics;
    private final Tracer tracer;
    private final Metrics.Asked asked;
    private final boolean capturesContent;
    private final Context context;
    private final Span span;
    private final long began = System.nanoTime();
    private @Nullable Answer answer;
    private String fault = "";
    private long first;
    private int prompt;
    private long tokens;
    private boolean over;

    AnswerSpan(Metrics metrics, Tracer tracer, Inference inference, String base, boolean capturesContent) {
        this.metrics = metrics;
        this.tracer = tracer;
        this.asked = metrics.asked(inference.operation(), inference.model());
        this.capturesContent = capturesContent;
        this.span = tracer.spanBuilder(inference.operation().word() + " " + inference.model())
                .setAttribute("gen_ai.operation.name", inference.operation().word())
                .setAttribute("gen_ai.provider.name", Metrics.PROVIDER)
                .setAttribute("gen_ai.request.model", inference.model())
                .setAttribute("gen_ai.response.model", base)
                .startSpan();
        this.context = Context.current().with(span);
        if (span.isRecording()) {
            describe(inference);
        }
    }

    private void describe(Inference inference) {
        var sampling = inference.sampling();
        span.setAttribute("gen_ai.request.temperature", sampling.temperature());
        span.setAttribute("gen_ai.request.top_p", sampling.topP());
        if (sampling.topK() > 0) {
            span.setAttribute("gen_ai.request.top_k", (double) sampling.topK());
        }
        if (inference.maxTokens() != null) {
            span.setAttribute("gen_ai.request.max_tokens", inference.maxTokens());
        }
        if (inference.choices() != 1) {
            span.setAttribute("gen_ai.request.choice.count", inference.choices());
        }
        if (inference.episode() != null) {
            span.setAttribute("gen_ai.conversation.id", inference.episode());
        }
        if (capturesContent) {
            span.setAttribute("gen_ai.input.messages", inference.messages().get());
        }
    }

    /** It was taken, and this is the answer that is read; called before anything of it is. */
    public void taken(Answer answer) {
        this.answer = answer;
        var provenance = answer.provenance();
        span.setAttribute("gen_ai.response.id", answer.id());
        span.setAttribute("apprentice.choice", answer.choice());
        span.setAttribute("apprentice.checkpoint", provenance.checkpoint());
        span.setAttribute("apprentice.recalled", provenance.recalled().size());
        answer.whenRecorded(this::stage);
        metrics.recalled
                .labelValues(Boolean.toString(!provenance.recalled().isEmpty()))
                .inc();
    }

    /** So many tokens came. */
    public void tokens(int count) {
        if (count > 0 && first == 0) {
            first = System.nanoTime();
        }
        tokens += count;
    }

    /**
     * It is whole.
     *
     * @param prompt tokens of the question, 0 where another choice has counted them
     * @param said the answer as the conventions write it, made only where content is captured
     */
    public void ended(Ending ending, int prompt, int sampled, Supplier<String> said) {
        tokens(sampled - (int) Math.min(sampled, tokens));
        this.prompt = prompt;
        span.setAttribute(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of(ending.word()));
        if (capturesContent && span.isRecording()) {
            span.setAttribute("gen_ai.output.messages", said.get());
        }
        if (first != 0) {
            metrics.firstToken(asked, (first - began) / NANOS);
        }
        if (tokens > 1) {
            metrics.betweenTokens(asked, (System.nanoTime() - first) / NANOS / (tokens - 1));
        }
        finish(ending);
    }

    /** It ended by the fault {@code code}. */
    public void failed(String code) {
        fault = code;
        span.setAttribute("error.type", code);
        span.setStatus(StatusCode.ERROR, code);
        finish(Ending.FAILED);
    }

    /** Gives it up if it has not ended. */
    @Override
    public void close() {
        if (!over) {
            fault = Ending.GIVEN_UP.word();
            span.setAttribute("error.type", fault);
            finish(Ending.GIVEN_UP);
        }
    }

    private void finish(Ending ending) {
        if (over) {
            return;
        }
        over = true;
        metrics.ended(asked, ending, fault, prompt, tokens, (System.nanoTime() - began) / NANOS);
        span.setAttribute("gen_ai.usage.input_tokens", prompt);
        span.setAttribute("gen_ai.usage.output_tokens", tokens);
        if (answer != null && span.isRecording()) {
            answer.stages().forEach(this::stage);
        }
        span.end();
    }

    private void stage(Stage stage) {
        if (span.getSpanContext().isSampled()) {
            tracer.spanBuilder("apprentice." + stage.kind().name().toLowerCase(Locale.ROOT))
                    .setParent(context)
                    .setStartTimestamp(stage.began())
                    .startSpan()
                    .end(stage.ended());
        }
    }
}
