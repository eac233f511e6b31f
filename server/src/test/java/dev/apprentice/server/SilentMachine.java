package dev.apprentice.server;

import dev.apprentice.engine.AdapterStats;
import dev.apprentice.engine.EngineStats;
import dev.apprentice.engine.Machine;
import dev.apprentice.engine.PrefixStats;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.batch.Timings;
import dev.apprentice.engine.model.BaseModel;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.engine.training.Student;
import dev.apprentice.engine.training.TopLogprobs;
import dev.apprentice.engine.training.Training;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Says one token and then nothing more, until it is given up; who wants no more than that token has his answer. */
final class SilentMachine implements Machine {
    private static final String WORD = "Well";

    private final SampledToken token;
    private final AtomicInteger running = new AtomicInteger();

    private final int hidden;

    SilentMachine(BaseModel base, Tokenizer tokenizer) {
        hidden = base.config().hidden();
        token = new SampledToken(tokenizer.encodePlain(WORD)[0], -1, List.of());
    }

    @Override
    public Generation submit(GenerationRequest request, @Nullable Grammar grammar) {
        running.incrementAndGet();
        return new Answer(request);
    }

    @Override
    public Training training() {
        return new Nothing(hidden);
    }

    @Override
    public String dtype() {
        return "stub";
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(running.get(), 0, AdapterStats.NONE, PrefixStats.NONE, 0, 0);
    }

    @Override
    public void close() {}

    private final class Answer implements Generation {
        private final GenerationRequest request;
        private final AtomicBoolean over = new AtomicBoolean();
        private boolean said;

        Answer(GenerationRequest request) {
            this.request = request;
        }

        @Override
        public GenerationEvent next() throws InterruptedException {
            if (!said) {
                said = true;
                return new GenerationEvent.Delta(WORD, List.of(token));
            }
            if (request.sampling().maxTokens() > 1) {
                new CountDownLatch(1).await();
            }
            return new GenerationEvent.Finished(
                    new Completion(WORD, List.of(token), FinishReason.LENGTH, request.prompt().length, 0));
        }

        @Override
        public Timings timings() {
            return new Timings(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
        }

        @Override
        public boolean idle() {
            return said;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                running.decrementAndGet();
            }
        }
    }

    /** Nobody learns here, and everything is like everything else. */
    private record Nothing(int hidden) implements Training {
        @Override
        public Student student(AdapterPlan plan, @Nullable LoraAdapter start, long seed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TopLogprobs baseTop(int[] tokens, int answerStart, int k) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[][] embed(int[] prompt, int[] layers) {
            var states = new float[layers.length][hidden];
            for (var state : states) {
                Arrays.fill(state, 1);
            }
            return states;
        }
    }
}
