package dev.apprentice.learner;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.value.Seen;
import dev.apprentice.learner.value.Traits;
import dev.apprentice.learner.value.Values;
import java.util.ArrayList;
import java.util.List;

/** Has questions answered by the engine as they were cast, and the answers judged. Any thread may call. */
final class Making {
    private final Engine engine;
    private final Values values;

    /** By {@code engine}; {@code values} say how good the answers probably are. */
    Making(Engine engine, Values values) {
        this.engine = engine;
        this.values = values;
    }

    /** One answer, or the best of several, of which the others leave no trace. */
    Generation begin(Question question, Casting casting, int choice) {
        int candidates = question.extras().bestOf();
        if (candidates == 1) {
            return engine.submit(request(question, casting, choice));
        }
        var all = new ArrayList<Generation>();
        try {
            for (var candidate = 0; candidate < candidates; candidate++) {
                all.add(engine.submit(request(question, casting, choice * candidates + candidate)));
            }
        } catch (RuntimeException e) {
            all.forEach(Generation::close);
            throw e;
        }
        var instance = casting.instance();
        var name = instance == null ? Target.BASE : instance.id();
        return new BestOf(all, whole -> values.preference(name, whole, traits(casting, whole)));
    }

    /** Says how good the whole answers probably are. */
    RunningAnswer.Judge judge(Question question, Casting casting) {
        var instance = casting.instance();
        if (instance == null) {
            return RunningAnswer.Judge.NOBODY;
        }
        return (id, choice, whole) -> {
            var traits = traits(casting, whole);
            var judged = values.judge(instance.id(), traits, instance.policy().helpBelow());
            return new Seen(instance.id(), id, choice, Same.key(question.messages()), traits, judged);
        };
    }

    private static Traits traits(Casting casting, Completion whole) {
        return Traits.of(whole, casting.recalled(), casting.adapter() != null);
    }

    private List<Integer> watched(Casting casting) {
        var instance = casting.instance();
        return instance == null
                ? List.of()
                : Traits.layers(engine.base().config().layers(), instance);
    }

    /** What the engine is asked for answer number {@code choice}. */
    GenerationRequest request(Question question, Casting casting, int choice) {
        var instance = casting.instance();
        var request = GenerationRequest.of(
                        casting.prompt(),
                        question.sampling()
                                .withMaxTokens(casting.maxTokens())
                                .withSeed(question.sampling().seed() + choice))
                .by(casting.adapter())
                .guided(casting.recalled().guide())
                .formed(question.constraint())
                .scored(question.scored())
                .watching(watched(casting))
                // an instance of the same name that is made after this one is deleted is another one
                .sharedWithin(instance == null ? Target.BASE : instance.id() + " " + instance.created())
                .continuing(question.prompt() != null
                        || question.messages().getLast().role().equals("assistant"));
        var deadline = question.deadline();
        return deadline == null ? request : request.until(deadline);
    }
}
