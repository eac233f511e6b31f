package dev.apprentice.server.asking;

import dev.apprentice.learner.Provenance;
import dev.apprentice.server.telemetry.AnswerSpan;
import java.time.Instant;

/** Tells telemetry of an answer while it is told. */
final class ObservedTold implements Told {
    private final Told told;
    private final AnswerSpan span;

    ObservedTold(Told told, AnswerSpan span) {
        this.told = told;
        this.span = span;
        span.taken(
                told.id(),
                told.provenance().checkpoint(),
                told.provenance().recalled().size());
    }

    @Override
    public ToldEvent next() throws InterruptedException {
        var event = told.next();
        switch (event) {
            case ToldEvent.Text text -> span.tokens(text.tokens().size());
            case ToldEvent.Ended ended -> {
                var completion = ended.completion();
                var prompt = choice() == 0 ? completion.promptTokens() : 0;
                span.ended(ending(ended.ending()), prompt, completion.tokens().size());
            }
            case ToldEvent.Failed failed -> span.failed(failed.error().code());
            case ToldEvent.CallBegun _, ToldEvent.CallArguments _, ToldEvent.CallEnded _ -> {}
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
    public String id() {
        return told.id();
    }

    @Override
    public int choice() {
        return told.choice();
    }

    @Override
    public Instant created() {
        return told.created();
    }

    @Override
    public String model() {
        return told.model();
    }

    @Override
    public Provenance provenance() {
        return told.provenance();
    }

    @Override
    public boolean idle() {
        return told.idle();
    }

    @Override
    public void close() {
        told.close();
        span.close();
    }
}
