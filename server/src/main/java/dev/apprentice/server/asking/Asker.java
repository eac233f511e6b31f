package dev.apprentice.server.asking;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotBuiltException;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.Question;
import dev.apprentice.server.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks on behalf of every door. Safe for use by many threads. */
public final class Asker {
    private final Learner learner;
    private final Clock clock;
    private final Duration time;

    /** Asks the agents of {@code learner}; an answer that takes longer than {@code time} is given up. */
    public Asker(Learner learner, Clock clock, Duration time) {
        this.learner = learner;
        this.clock = clock;
        this.time = time;
    }

    /**
     * Begins as many answers as {@code asking} wants; their common id and the question are durable when this returns.
     * Each must be read to its end or closed. What they use is counted against the limits of {@code caller}.
     *
     * @throws dev.apprentice.engine.NotFoundException code {@code model_not_found}, also where it is not the caller's
     * @throws dev.apprentice.engine.InvalidRequestException if it cannot be answered as it is
     * @throws dev.apprentice.engine.OverloadedException if too many wait
     */
    public List<Told> ask(Asking asking, Caller caller) {
        caller.mayAsk(asking.model());
        if (!asking.tools().isEmpty()) {
            throw new NotBuiltException("not_built", "calling tools (tools) is not built yet", Fault.at("tools"));
        }
        var answers = learner.agent(asking.model()).ask(question(asking), asking.choices());
        var told = new ArrayList<Told>();
        answers.forEach(answer -> told.add(new MeteredTold(new PlainTold(answer), caller.meter())));
        return List.copyOf(told);
    }

    private Question question(Asking asking) {
        return new Question(
                asking.messages(),
                List.of(),
                asking.form(),
                asking.sampling(),
                asking.maxTokens(),
                asking.extras(),
                asking.episode(),
                clock.instant().plus(time),
                asking.idPrefix());
    }
}
