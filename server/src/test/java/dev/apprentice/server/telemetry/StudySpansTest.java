package dev.apprentice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.study.StudyPart;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StudySpansTest {
    private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05Z");

    private final KeptSpans spans = new KeptSpans();
    private final StudySpans studies = new StudySpans(spans.provider().get("test"));

    @Test
    void anExamIsBelowItsStudyAndAPromotionIsLinkedToIt() {
        studies.over(part(StudyPart.Kind.STUDY, StudyPart.Outcome.TRAINED, "cand-1", BEGAN));
        studies.over(part(StudyPart.Kind.EXAM, StudyPart.Outcome.PASSED, "cand-1", BEGAN.plusSeconds(10)));
        var data = JsonNodeFactory.instance.objectNode().put("checkpoint", 7);
        studies.examined(new Event(1, EventKind.EXAM, "clerk", data.deepCopy().put("candidate", "cand-1"), BEGAN));
        studies.promoted(new Event(2, EventKind.PROMOTION, "clerk", data, BEGAN));

        var study = spans.named("apprentice.study");
        var exam = spans.named("apprentice.exam");
        assertThat(exam.getParentSpanId()).isEqualTo(study.getSpanId());
        assertThat(study.getEndEpochNanos() - study.getStartEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(5));
        assertThat(exam.getAttributes().get(AttributeKey.stringKey("apprentice.instance")))
                .isEqualTo("clerk");
        assertThat(exam.getAttributes().get(AttributeKey.longKey("apprentice.lessons")))
                .isEqualTo(12);
        assertThat(exam.getAttributes().get(AttributeKey.stringKey("apprentice.outcome")))
                .isEqualTo("passed");
        assertThat(spans.named("apprentice.promotion").getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(SpanContext::getSpanId)
                .containsExactly(exam.getSpanId());
    }

    @Test
    void aStudyThatCollapsedIsASpanWithoutACandidate() {
        studies.over(part(StudyPart.Kind.STUDY, StudyPart.Outcome.COLLAPSED, null, BEGAN));
        assertThat(spans.named("apprentice.study").getAttributes().get(AttributeKey.stringKey("apprentice.outcome")))
                .isEqualTo("collapsed");
    }

    private static StudyPart part(
            StudyPart.Kind kind,
            StudyPart.Outcome outcome,
            @org.jspecify.annotations.Nullable String candidate,
            Instant began) {
        return new StudyPart("clerk", kind, outcome, candidate, 12, 0, began, began.plusSeconds(5));
    }
}
