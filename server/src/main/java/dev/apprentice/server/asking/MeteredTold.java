package dev.apprentice.server.asking;

import dev.apprentice.server.security.Meter;

/**
 * Counts the tokens of an answer against its caller's limits: the prompt's once, with the first choice, and those that
 * were made, also where the answer is given up.
 */
final class MeteredTold extends ToldOver {
    private final Meter meter;
    private long counted;

    MeteredTold(Told told, Meter meter) {
        super(told);
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
            case ToldEvent.Scored _,
                    ToldEvent.CallBegun _,
                    ToldEvent.CallArguments _,
                    ToldEvent.CallEnded _,
                    ToldEvent.Failed _ -> {}
        }
        return event;
    }

    private void count(long tokens) {
        counted += tokens;
        meter.charge(tokens);
    }
}
