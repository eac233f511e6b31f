package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Embedding;
import dev.apprentice.engine.decoder.Form;
import dev.apprentice.engine.decoder.LearningKernel;
import dev.apprentice.engine.decoder.Projection;
import dev.apprentice.engine.model.LoraAdapter;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The training primitives on one decoder, sharing its weights with serving. */
public final class NativeTraining implements Training {
    /** What hidden states of rows below the lowest adapter may take: 28,000 tokens of the 135M base, 2.3 KB each. */
    private static final long KEPT_BYTES = 64L << 20;

    private final Decoder decoder;
    private final ComputePermit permit;
    private final LearningKernel kernel;
    private final ReentrantLock longPrompt = new ReentrantLock(true);

    /** Trains on {@code decoder}'s weights with products by {@code kernel}, taking turns by {@code permit}. */
    public NativeTraining(Decoder decoder, ComputePermit permit, LearningKernel kernel) {
        this.decoder = decoder;
        this.permit = permit;
        this.kernel = kernel;
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
        var learning = decoder.learning(kernel, KEPT_BYTES);
        try {
            learning.start(FreshAdapter.completed(start, plan, config, seed));
            ai.djl.pytorch.jni.JniUtils.setSeed(seed);
            int tokensMax = decoder.form() == Form.SHARED ? Portions.MOST_TOKENS_SHARED : Portions.MOST_TOKENS;
            return new NativeStudent(learning, permit, plan.dropout(), tokensMax);
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
            var best = decoder.best(tokens, answerStart - 1, tokens.length - 2, k);
            return new TopLogprobs(k, best.ids(), best.logprobs());
        }
    }

    @Override
    public String dtype() {
        return decoder.dtype();
    }

    /** Takes turns of serving, not of learning: a request waits for it. */
    @Override
    public float[][] embed(int[] prompt, int[] layers) {
        if (prompt.length <= Embedding.PIECE_TOKENS) {
            return means(prompt, layers);
        }
        longPrompt.lock();
        try {
            return means(prompt, layers);
        } finally {
            longPrompt.unlock();
        }
    }

    private float[][] means(int[] prompt, int[] layers) {
        try (var embedding = decoder.embedding(prompt, layers)) {
            while (embedding.unfinished()) {
                try (var _ = permit.serve()) {
                    embedding.advance();
                }
            }
            return embedding.means();
        }
    }
}
