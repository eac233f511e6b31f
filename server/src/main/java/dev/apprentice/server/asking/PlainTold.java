package dev.apprentice.server.asking;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.learner.Answer;
import dev.apprentice.learner.Provenance;
import java.time.Instant;
import java.util.List;

/** An answer that is all text. */
final class PlainTold implements Told {
    private final Answer answer;

    PlainTold(Answer answer) {
        this.answer = answer;
    }

    @Override
    public String id() {
        return answer.id();
    }

    @Override
    public int choice() {
        return answer.choice();
    }

    @Override
    public Instant created() {
        return answer.created();
    }

    @Override
    public String model() {
        return answer.model();
    }

    @Override
    public int promptTokens() {
        return answer.promptTokens();
    }

    @Override
    public Provenance provenance() {
        return answer.provenance();
    }

    @Override
    public ToldEvent next() throws InterruptedException {
        return switch (answer.next()) {
            case GenerationEvent.Scored(var prompt) -> new ToldEvent.Scored(prompt);
            case GenerationEvent.Delta(var text, var tokens) -> new ToldEvent.Text(text, tokens);
            case GenerationEvent.Finished(var completion) -> ended(completion);
            case GenerationEvent.Failed(var error) -> new ToldEvent.Failed(error);
        };
    }

    private static ToldEvent ended(Completion completion) {
        return switch (completion.finish()) {
            case STOP ->
                new ToldEvent.Ended(Ending.STOP, completion.stopString(), completion.text(), List.of(), completion);
            case LENGTH ->
                new ToldEvent.Ended(Ending.LENGTH, completion.stopString(), completion.text(), List.of(), completion);
            case CANCELLED ->
                new ToldEvent.Failed(new UnavailableException("cancelled", "the answer was given up", Fault.NONE));
        };
    }

    @Override
    public boolean idle() {
        return answer.idle();
    }

    @Override
    public void close() {
        answer.close();
    }
}
