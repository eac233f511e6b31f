package dev.apprentice.server.bench;

import dev.apprentice.engine.AdapterStats;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.EngineStats;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.Machine;
import dev.apprentice.engine.PrefixStats;
import dev.apprentice.engine.Seams;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Computes nothing: every request gets the same short answer at once, token by token. One that asks for more than
 * {@link #PATIENT} tokens gets the first and then silence, until it is given up.
 */
final class StubMachine implements Machine {
    /** Above so many tokens asked for, the answer stays open. */
    static final int PATIENT = 1000;

    /** What everybody is told. */
    static final String ANSWER = "It is done by the second desk.";

    private static final double LOGPROB = -0.25;

    private final List<GenerationEvent.Delta> deltas;
    private final List<SampledToken> tokens;
    private final Training training;

    StubMachine(BaseModel base, Tokenizer tokenizer) {
        var said = new ArrayList<GenerationEvent.Delta>();
        var sampled = new ArrayList<SampledToken>();
        for (int id : tokenizer.encodePlain(ANSWER)) {
            var token = new SampledToken(id, LOGPROB, List.of());
            sampled.add(token);
            said.add(new GenerationEvent.Delta(tokenizer.decode(new int[] {id}, false), List.of(token)));
        }
        deltas = List.copyOf(said);
        tokens = List.copyOf(sampled);
        training = new StubTraining(base.config().hidden());
    }

    @Override
    public Generation submit(GenerationRequest request, @Nullable Grammar grammar) {
        return new StubAnswer(request);
    }

    @Override
    public Training training() {
        return training;
    }

    @Override
    public String dtype() {
        return "stub";
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(0, 0, AdapterStats.NONE, PrefixStats.NONE, 0, 0);
    }

    @Override
    public void close() {}

    private final class StubAnswer implements Generation {
        private final GenerationRequest request;
        private int said;

        StubAnswer(GenerationRequest request) {
            this.request = request;
        }

        @Override
        public GenerationEvent next() throws InterruptedException {
            if (silent()) {
                new CountDownLatch(1).await(); // until the asker's thread is interrupted
            }
            return said < deltas.size()
                    ? deltas.get(said++)
                    : new GenerationEvent.Finished(
                            new Completion(ANSWER, tokens, FinishReason.STOP, request.prompt().length, 0));
        }

        /** It takes no time. */
        @Override
        public Timings timings() {
            return new Timings(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
        }

        @Override
        public boolean idle() {
            return silent();
        }

        private boolean silent() {
            return said > 0 && request.sampling().maxTokens() > PATIENT;
        }

        @Override
        public void close() {}
    }

    /**
     * Knows no weights; hidden states are noise that depends on the prompt alone.
     *
     * @param hidden how many numbers a state has
     */
    private record StubTraining(int hidden) implements Training {
        @Override
        public Student student(AdapterPlan plan, @Nullable LoraAdapter start, long seed) {
            throw nothing();
        }

        @Override
        public TopLogprobs baseTop(int[] tokens, int answerStart, int k) {
            throw nothing();
        }

        @Override
        public float[][] embed(int[] prompt, int[] layers) {
            var random = Seams.random(Arrays.hashCode(prompt));
            var states = new float[layers.length][hidden];
            for (var state : states) {
                for (int i = 0; i < state.length; i++) {
                    state[i] = random.nextFloat() - 0.5f;
                }
            }
            return states;
        }

        private static FailedException nothing() {
            return new FailedException("no_weights", "a stub cannot learn", Fault.NONE);
        }
    }
}
