package dev.apprentice.server.asking;

import dev.apprentice.learner.Answer;
import dev.apprentice.server.telemetry.AnswerSpan;

/** Tells telemetry of an answer while it is told. */
final class ObservedTold extends ToldOver {
    private final AnswerSpan span;

    /** Tells {@code span} of {@code told}, which is made of {@code answer}. */
    ObservedTold(Told told, Answer answer, AnswerSpan span) {
        super(told);
        this.span = span;
        span.taken(answer);
    }

    @Override
    public ToldEvent next() throws InterruptedException {
        var event = told.next();
        switch (event) {
            case ToldEvent.Text text -> span.tokens(text.tokens().size());
            case ToldEvent.Ended ended -> {
                var completion = ended.completion();
                var prompt = choice() == 0 ? completion.promptTokens() : 0;
                span.ended(ending(ended.ending()), prompt, completion.tokens().size(), () -> Content.of(ended));
            }
            case ToldEvent.Failed failed -> span.failed(failed.error().code());
            case ToldEvent.Scored _, ToldEvent.CallBegun _, ToldEvent.CallArguments _, ToldEvent.CallEnded _ -> {}
        }
        return event;
    }

    private static AnswerSpan.Ending ending(Ending ending) {
        return switch (ending) {
            case STOP -> AnswerSpan.Ending.STOP;
            case LENGTH -> AnswerSpan.Ending.LENGTH;
            case TOOL_CALLS -> AnswerSpan.Ending.TOOL_CALLS;
        };
    }

    @Override
    public void close() {
        super.close();
        span.close();
    }
}
