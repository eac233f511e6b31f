package dev.apprentice.server.asking;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.text.ToolFormat;
import dev.apprentice.learner.Answer;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.Question;
import dev.apprentice.server.security.Caller;
import dev.apprentice.server.telemetry.Inference;
import dev.apprentice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks on behalf of every door. Safe for use by many threads. */
public final class Asker {
    private final Learner learner;
    private final @Nullable ToolFormat format;
    private final int marker;
    private final Seams seams;
    private final Telemetry telemetry;
    private final Duration time;

    /**
     * Asks the agents of {@code learner}, who answer on {@code engine}; an answer that takes longer than {@code time}
     * is given up.
     */
    public Asker(Learner learner, Engine engine, Seams seams, Telemetry telemetry, Duration time) {
        this.learner = learner;
        this.format = engine.template().toolFormat().orElse(null);
        this.marker = format == null ? -1 : control(engine.tokenizer(), format.marker());
        this.seams = seams;
        this.telemetry = telemetry;
        this.time = time;
    }

    private static int control(Tokenizer tokenizer, String marker) {
        int id = tokenizer.id(marker).orElse(-1);
        return id >= 0 && tokenizer.isSpecial(id) ? id : -1;
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
        var agent = learner.agent(asking.model());
        var rules = ToolRules.of(asking, format);
        var calls = rules.map(ToolRules::constraint).orElseGet(Constraint.None::new);
        var shown = rules.map(ToolRules::shown).orElse(List.of());
        var form = calls instanceof Constraint.None ? asking.form() : calls;
        var inference = inference(asking);
        var span = telemetry.answer(inference);
        try {
            var told = new ArrayList<Told>();
            for (var answer : agent.ask(question(asking, shown, form), asking.choices())) {
                var metered = new MeteredTold(told(answer, asking, rules.orElse(null)), caller.meter());
                told.add(new ObservedTold(metered, answer, told.isEmpty() ? span : telemetry.answer(inference)));
            }
            return List.copyOf(told);
        } catch (ApprenticeException e) {
            span.failed(e.code());
            throw e;
        }
    }

    private static Inference inference(Asking asking) {
        return new Inference(
                asking.prompt() == null ? Inference.Operation.CHAT : Inference.Operation.TEXT_COMPLETION,
                asking.model(),
                asking.sampling(),
                asking.maxTokens(),
                asking.choices(),
                asking.episode(),
                () -> Content.of(asking.messages()));
    }

    private Told told(Answer answer, Asking asking, @Nullable ToolRules rules) {
        var plain = new PlainTold(answer);
        if (rules == null) {
            return plain;
        }
        int max = asking.parallelToolCalls() ? Integer.MAX_VALUE : 1;
        return new ToolTold(plain, new ToolTold.Words(rules, marker, max, seams.ids()));
    }

    /**
     * How many tokens the prompt of {@code asking} has, with what is recalled for it now.
     *
     * @throws dev.apprentice.engine.NotFoundException code {@code model_not_found}, also where it is not the caller's
     */
    public int promptTokens(Asking asking, Caller caller) {
        caller.mayAsk(asking.model());
        var shown = ToolRules.of(asking, format).map(ToolRules::shown).orElse(List.of());
        return learner.agent(asking.model()).promptTokens(question(asking, shown, asking.form()));
    }

    private Question question(Asking asking, List<Map<String, Object>> tools, Constraint constraint) {
        return new Question(
                asking.messages(),
                tools,
                constraint,
                asking.sampling(),
                asking.maxTokens(),
                asking.extras(),
                asking.episode(),
                seams.clock().instant().plus(time),
                asking.idPrefix(),
                asking.prompt(),
                asking.scored());
    }
}
