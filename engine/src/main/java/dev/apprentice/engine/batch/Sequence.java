package dev.apprentice.engine.batch;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.batch.GenerationEvent.Delta;
import dev.apprentice.engine.batch.GenerationEvent.Failed;
import dev.apprentice.engine.batch.GenerationEvent.Finished;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Sampler;
import dev.apprentice.engine.text.Detokenizer;
import dev.apprentice.engine.text.StopStrings;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One answer while it is made. The engine thread drives it; the asker reads its events from another thread and may
 * cancel it at any time.
 */
final class Sequence implements Generation {
    private final GenerationRequest request;
    private final Residency.@Nullable Lease adapter;
    private final Sampler sampler;
    private final Detokenizer detokenizer;
    private final StopStrings stopStrings;
    private final Set<Integer> stopIds;
    private final Runnable cancelled;
    private final Clock clock;
    private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final List<SampledToken> tokens = new ArrayList<>();
    private volatile boolean givenUp;
    private volatile Timings timings;
    private @Nullable RowCache cache;
    private int read;
    private int lastToken = -1;
    private boolean ended;

    /**
     * A sequence that waits for a place.
     *
     * @param cancelled told when the asker goes away, to wake the engine thread
     * @param clock says when it goes from stage to stage
     */
    Sequence(
            GenerationRequest request,
            Residency.@Nullable Lease adapter,
            Sampler sampler,
            Detokenizer detokenizer,
            Set<Integer> stopIds,
            Runnable cancelled,
            Clock clock) {
        this.request = request;
        this.adapter = adapter;
        this.sampler = sampler;
        this.detokenizer = detokenizer;
        this.stopStrings = new StopStrings(request.sampling().stop());
        this.stopIds = stopIds;
        this.cancelled = cancelled;
        this.clock = clock;
        this.timings = Timings.of(clock.instant());
    }

    // The engine thread's side.

    GenerationRequest.Priority priority() {
        return request.priority();
    }

    /** Tokens that its cache must hold. */
    int capacity() {
        return request.prompt().length + request.sampling().maxTokens();
    }

    boolean givenUp() {
        return givenUp;
    }

    boolean expired(Instant now) {
        return request.deadline().filter(deadline -> !now.isBefore(deadline)).isPresent();
    }

    boolean ended() {
        return ended;
    }

    void place(RowCache cache) {
        this.cache = cache;
        timings = timings.placed(clock.instant());
    }

    /** Rows of one adapter must be neighbours; this orders them. */
    int adapterOrder() {
        return adapter == null ? 0 : System.identityHashCode(adapter.tensors());
    }

    /** How many prompt tokens are still unread. */
    int unread() {
        return request.prompt().length - read;
    }

    /** Its part of the next step: up to {@code budget} prompt tokens, or the token chosen last. */
    Step.Row row(int budget) {
        var row = cache;
        if (row == null) {
            throw new AssertionError("a sequence without a place in the batch");
        }
        var lora = adapter == null ? null : adapter.tensors();
        int unread = unread();
        if (unread > 0) {
            int count = Math.min(unread, budget);
            var chunk = Arrays.copyOfRange(request.prompt(), read, read + count);
            return new Step.Row(chunk, read, row, lora, count == unread);
        }
        return new Step.Row(new int[] {lastToken}, read, row, lora, true);
    }

    /** Notes that {@code count} tokens have been read. */
    void advanced(int count) {
        read += count;
    }

    /** Takes the next token from {@code logits} and tells the asker what became certain. */
    void settle(float[] logits) {
        var choice = sampler.next(logits);
        var sampled = new SampledToken(
                choice.token(),
                choice.logprob(),
                choice.top().stream()
                        .map(s -> new SampledToken.Alternative(s.token(), s.logprob()))
                        .toList());
        lastToken = choice.token();
        if (timings.first() == null) {
            timings = timings.first(clock.instant());
        }
        if (stopIds.contains(lastToken) && (formed() || !request.sampling().ignoreEos()) && !forced()) {
            finish(FinishReason.STOP);
            return;
        }
        tokens.add(sampled);
        var certain = stopStrings.push(detokenizer.push(lastToken));
        emit(certain, List.of(sampled));
        if (stopStrings.matched() || forcedToItsEnd()) {
            finish(FinishReason.STOP);
        } else if (tokens.size() >= request.sampling().maxTokens()) {
            finish(FinishReason.LENGTH);
        }
    }

    private boolean formed() {
        return !(request.constraint() instanceof Constraint.None);
    }

    private boolean forced() {
        return request.guide() instanceof AnswerGuide.Forced;
    }

    private boolean forcedToItsEnd() {
        return request.guide() instanceof AnswerGuide.Forced(var answer) && tokens.size() == answer.size();
    }

    private void emit(String certain, List<SampledToken> sampled) {
        text.append(certain);
        events.add(new Delta(certain, sampled));
    }

    private void finish(FinishReason reason) {
        if (!stopStrings.matched()) {
            var rest = stopStrings.push(detokenizer.flush()) + stopStrings.flush();
            if (!rest.isEmpty()) {
                emit(rest, List.of());
            }
        }
        end(new Finished(
                new Completion(text.toString(), tokens, reason, stopStrings.match(), request.prompt().length, 0)));
    }

    /** Ends by a fault. */
    void fail(ApprenticeException error) {
        if (!ended) {
            end(new Failed(error));
        }
    }

    /** Ends because nobody waits any more. */
    void drop() {
        if (!ended) {
            finish(FinishReason.CANCELLED);
        }
    }

    private void end(GenerationEvent last) {
        ended = true;
        if (cache != null) {
            cache.close();
            cache = null;
        }
        if (adapter != null) {
            adapter.close();
        }
        timings = timings.ended(clock.instant());
        events.add(last);
    }

    /** Bytes of its cache; 0 before it has a place. */
    long cacheBytes() {
        return cache == null ? 0 : cache.bytes();
    }

    // The asker's side.

    @Override
    public GenerationEvent next() throws InterruptedException {
        return events.take();
    }

    @Override
    public Timings timings() {
        return timings;
    }

    @Override
    public boolean idle() {
        return events.isEmpty();
    }

    @Override
    public void close() {
        givenUp = true;
        cancelled.run();
    }
}
