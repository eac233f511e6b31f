package dev.apprentice.server.asking;

import dev.apprentice.learner.Provenance;
import dev.apprentice.server.security.Meter;
import java.time.Instant;

/**
 * Counts the tokens of an answer against its caller's limits: the prompt's once, with the first choice, and those that
 * were made, also where the answer is given up.
 */
final class MeteredTold implements Told {
    private final Told told;
    private final Meter meter;
    private long counted;

    MeteredTold(Told told, Meter meter) {
        this.told = told;
        this.meter = meter;
    }

    @Override
    public ToldEvent next() throws InterruptedException {
        var event = told.next();
        switch (event) {
            case ToldEvent.Text text -> count(text.tokens().size());
            case ToldEvent.Ended ended -> {
                var prompt = choice() == 0 ? ended.completion().promptTokens() : 0;
                count(prompt + Math.max(0, ended.completion().tokens().size() - counted));
            }
            case ToldEvent.CallBegun _, ToldEvent.CallArguments _, ToldEvent.CallEnded _, ToldEvent.Failed _ -> {}
        }
        return event;
    }

    private void count(long tokens) {
        counted += tokens;
        meter.charge(tokens);
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
    }
}
