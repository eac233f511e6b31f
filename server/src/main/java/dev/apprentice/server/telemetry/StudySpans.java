package dev.apprentice.server.telemetry;

import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.study.StudyPart;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The learner's work as traces: a study, below it the exam of what it made; a promotion is a trace of its own, for it
 * may come much later, and is linked to the exam that let it pass.
 */
final class StudySpans {
    private static final int REMEMBERED_MAX = 100;

    private final Tracer tracer;
    private final Map<String, SpanContext> candidates = new Remembered();
    private final Map<String, SpanContext> checkpoints = new Remembered();

    StudySpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** A study or an exam is over. */
    synchronized void over(StudyPart part) {
        var candidate = part.candidate();
        var study = candidate == null ? null : candidates.get(candidate);
        var parent = study == null ? Context.root() : Context.root().with(Span.wrap(study));
        var span = tracer.spanBuilder("apprentice." + word(part.kind()))
                .setParent(parent)
                .setStartTimestamp(part.began())
                .setAttribute("apprentice.instance", part.instance())
                .setAttribute("apprentice.lessons", part.lessons())
                .setAttribute("apprentice.look", part.look())
                .setAttribute("apprentice.outcome", word(part.outcome()))
                .startSpan();
        if (candidate != null) {
            span.setAttribute("apprentice.candidate", candidate);
            candidates.put(candidate, span.getSpanContext());
        }
        span.end(part.ended());
    }

    /** A candidate got its number, perhaps. */
    synchronized void examined(Event event) {
        var exam = candidates.get(event.data().path("candidate").asText());
        if (exam != null && event.data().has("checkpoint")) {
            checkpoints.put(checkpoint(event), exam);
        }
    }

    /** A checkpoint went live. */
    synchronized void promoted(Event event) {
        var span = tracer.spanBuilder("apprentice.promotion")
                .setNoParent()
                .setStartTimestamp(event.at())
                .setAttribute("apprentice.instance", event.instance())
                .setAttribute(
                        "apprentice.checkpoint", event.data().path("checkpoint").asLong());
        var exam = checkpoints.get(checkpoint(event));
        if (exam != null) {
            span.addLink(exam);
        }
        span.startSpan().end(event.at());
    }

    private static String checkpoint(Event event) {
        return event.instance() + "@" + event.data().path("checkpoint").asInt();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Forgets the oldest. */
    private static final class Remembered extends LinkedHashMap<String, SpanContext> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.@Nullable Entry<String, SpanContext> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }
}
