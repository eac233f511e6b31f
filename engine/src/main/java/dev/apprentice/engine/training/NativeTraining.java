package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Projection;
import dev.apprentice.engine.model.LoraAdapter;
import org.jspecify.annotations.Nullable;

/** The training primitives on one decoder, sharing its weights with serving. */
public final class NativeTraining implements Training {
    private final Decoder decoder;
    private final ComputePermit permit;

    /** Trains on {@code decoder}'s weights, taking turns by {@code permit}. */
    public NativeTraining(Decoder decoder, ComputePermit permit) {
        this.decoder = decoder;
        this.permit = permit;
    }

    @Override
    public Student student(AdapterPlan plan, @Nullable LoraAdapter start, long seed) {
        var config = decoder.config();
        if (plan.toLayer() > config.layers()) {
            throw new UnprocessableException(
                    "bad_plan",
                    "the model has " + config.layers() + " layers, the plan ends at " + plan.toLayer(),
                    Fault.of("layers", "up to " + config.layers(), Integer.toString(plan.toLayer())));
        }
        if (start != null) {
            inside(start, plan);
        }
        var learning = decoder.learning();
        try {
            learning.start(FreshAdapter.completed(start, plan, config, seed));
            ai.djl.pytorch.jni.JniUtils.setSeed(seed);
            return new NativeStudent(learning, permit, plan.dropout());
        } catch (RuntimeException | Error e) {
            learning.close();
            throw e;
        }
    }

    private static void inside(LoraAdapter start, AdapterPlan plan) {
        for (var path : start.modules().keySet()) {
            boolean named = false;
            for (int layer = plan.fromLayer(); layer < plan.toLayer() && !named; layer++) {
                for (var projection : Projection.ALL) {
                    named |= projection.path(layer).equals(path);
                }
            }
            if (!named) {
                throw new UnprocessableException(
                        "bad_plan",
                        path + " is in the adapter but not in the plan",
                        Fault.of(path, "a module of layers " + plan.fromLayer() + " to " + (plan.toLayer() - 1), path));
            }
        }
    }

    @Override
    public TopLogprobs baseTop(int[] tokens, int answerStart, int k) throws InterruptedException {
        try (var _ = permit.learn()) {
            decoder.enter();
            var best = decoder.best(tokens, answerStart - 1, tokens.length - 2, k);
            return new TopLogprobs(k, best.ids(), best.logprobs());
        }
    }

    /** Takes a turn of serving, not of learning: a request waits for it. */
    @Override
    public float[][] embed(int[] prompt, int[] layers) {
        try (var _ = permit.serve()) {
            decoder.enter();
            return decoder.embed(prompt, layers);
        }
    }
}
