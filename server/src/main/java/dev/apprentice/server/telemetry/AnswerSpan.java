package dev.apprentice.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;

/**
 * One answer from its question to its end, as figures and as a span by the GenAI conventions, with two spans inside:
 * {@code prefill} up to the first token (the wait for a place and recall included) and {@code decode} after it. Used by
 * the thread that reads the answer.
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
    private final String instance;
    private final Context context;
    private final Span span;
    private final long began = System.nanoTime();
    private Span phase;
    private long first;
    private long tokens;
    private boolean over;

    AnswerSpan(Metrics metrics, Tracer tracer, String model, String base) {
        this.metrics = metrics;
        this.tracer = tracer;
        this.instance = metrics.instance(model);
        this.span = tracer.spanBuilder("chat " + model)
                .setAttribute("gen_ai.operation.name", "chat")
                .setAttribute("gen_ai.provider.name", "apprentice")
                .setAttribute("gen_ai.request.model", model)
                .setAttribute("gen_ai.response.model", base)
                .startSpan();
        this.context = Context.current().with(span);
        this.phase = phase("prefill");
    }

    /** It was taken, as {@code id}, by a checkpoint, and {@code recalled} of its lessons acted on it. */
    public void taken(String id, int checkpoint, int recalled) {
        span.setAttribute("gen_ai.response.id", id);
        span.setAttribute("apprentice.checkpoint", checkpoint);
        span.setAttribute("apprentice.recalled", recalled);
        metrics.recalled.labelValues(Boolean.toString(recalled > 0)).inc();
    }

    /** So many tokens came. */
    public void tokens(int count) {
        if (count > 0 && first == 0) {
            first = System.nanoTime();
            metrics.firstToken.observe((first - began) / NANOS);
            phase.end();
            phase = phase("decode");
        }
        tokens += count;
    }

    /** It is whole. {@code prompt}: tokens of the question, 0 where another choice has counted them. */
    public void ended(Ending ending, int prompt, int sampled) {
        tokens(sampled - (int) Math.min(sampled, tokens));
        metrics.tokensIn.labelValues(instance).inc(prompt);
        span.setAttribute("gen_ai.usage.input_tokens", prompt);
        span.setAttribute(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of(ending.word()));
        finish(ending);
    }

    /** It ended by the fault {@code code}. */
    public void failed(String code) {
        span.setAttribute("error.type", code);
        span.setStatus(StatusCode.ERROR, code);
        finish(Ending.FAILED);
    }

    /** Gives it up if it has not ended. */
    @Override
    public void close() {
        finish(Ending.GIVEN_UP);
    }

    private void finish(Ending ending) {
        if (over) {
            return;
        }
        over = true;
        if (tokens > 1) {
            metrics.betweenTokens.observe((System.nanoTime() - first) / NANOS / (tokens - 1));
        }
        metrics.tokensOut.labelValues(instance).inc(tokens);
        metrics.answers.labelValues(instance, ending.word()).inc();
        span.setAttribute("gen_ai.usage.output_tokens", tokens);
        phase.end();
        span.end();
    }

    private Span phase(String name) {
        return tracer.spanBuilder(name).setParent(context).startSpan();
    }
}
