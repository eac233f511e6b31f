package dev.apprentice.engine.batch;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.batch.GenerationEvent.Delta;
import dev.apprentice.engine.batch.GenerationEvent.Failed;
import dev.apprentice.engine.batch.GenerationEvent.Finished;
import dev.apprentice.engine.decoder.CacheBlocks;
import dev.apprentice.engine.decoder.Prediction;
import dev.apprentice.engine.decoder.RowCache;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.decoder.Step.Wanted;
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
    /** A scored prompt is read in such pieces, because each place's logits are as wide as the vocabulary. */
    private static final int SCORED_AT_ONCE = 64;

    private final GenerationRequest request;
    private final long adapterBytes;
    private Residency.@Nullable Lease adapter;
    private final Sampler sampler;
    private final Detokenizer detokenizer;
    private final StopStrings stopStrings;
    private final Set<Integer> stopIds;
    private final Runnable cancelled;
    private final Clock clock;
    private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final List<SampledToken> tokens = new ArrayList<>();
    private final List<SampledToken> scored = new ArrayList<>();
    private volatile boolean givenUp;
    private volatile Timings timings;
    private final @Nullable Prefix prefix;
    private @Nullable RowCache cache;
    private int read;
    private int cached;
    private int lastToken = -1;
    private boolean ended;
    private final Watch watch = new Watch();
    private double endLogprob = Double.NaN;

    /**
     * A sequence that waits for a place.
     *
     * @param adapterBytes what its adapter takes
     * @param prefix what it shares with others that begin alike, or null
     * @param cancelled told when the asker goes away, to wake the engine thread
     * @param clock says when it goes from stage to stage
     */
    Sequence(
            GenerationRequest request,
            long adapterBytes,
            @Nullable Prefix prefix,
            Sampler sampler,
            Detokenizer detokenizer,
            Set<Integer> stopIds,
            Runnable cancelled,
            Clock clock) {
        this.request = request;
        this.adapterBytes = adapterBytes;
        this.prefix = prefix;
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

    /** Whose it is, for those who share fairly; all that is nobody's counts as one's. */
    String tenant() {
        return request.tenant() == null ? "" : request.tenant();
    }

    /** Sets memory aside for its adapter, if it has one; false if there is no room now. */
    boolean pin(Residency residency, Runnable loaded) {
        if (request.adapter() == null) {
            return true;
        }
        adapter = residency.pin(request.adapter(), adapterBytes, loaded);
        return adapter != null;
    }

    /** Whether all that it computes with is in memory. */
    boolean ready() {
        return adapter == null || adapter.ready();
    }

    /** Ends by the fault for which its adapter could not be loaded, if there is one. */
    void failWithItsAdapter() {
        var fault = adapter == null ? null : adapter.fault();
        if (fault != null) {
            fail(fault);
        }
    }

    /** Rows of one adapter must be neighbours; this orders them. */
    int adapterOrder() {
        return adapter == null ? -1 : adapter.number();
    }

    void place(RowCache cache) {
        this.cache = cache;
        timings = timings.placed(clock.instant());
    }

    /** How many prompt tokens are still unread. */
    int unread() {
        return Math.max(0, request.prompt().length - read);
    }

    /** Takes over what others have read of its prompt, as far as it goes on from where it is. */
    void reuse() {
        if (prefix != null && cache != null && unread() > 0) {
            int taken = prefix.take(cache, read);
            read += taken;
            cached += taken;
        }
    }

    /**
     * How many prompt tokens it reads at once where {@code budget} may be read: to the prompt's end or to a multiple of
     * a block, so that every prompt is cut alike; 0 where the budget does not reach that.
     */
    int piece(int budget) {
        int most = Math.min(Math.min(unread(), budget), request.scored() ? SCORED_AT_ONCE : Integer.MAX_VALUE);
        int whole = (read + most) / CacheBlocks.TOKENS * CacheBlocks.TOKENS - read;
        return most == unread() ? most : Math.max(0, whole);
    }

    /** After which layers it wants to see states. */
    List<Integer> watched() {
        return request.watched();
    }

    /** Whether it still reads a prompt whose tokens are scored. */
    boolean scoring() {
        return request.scored() && unread() > 0;
    }

    /** Its part of the next step: {@code count} prompt tokens, or the token chosen last. */
    Step.Row row(int count) {
        var row = cache;
        if (row == null) {
            throw new AssertionError("a sequence without a place in the batch");
        }
        var lora = adapter == null ? null : adapter.tensors();
        int unread = unread();
        if (unread > 0) {
            var chunk = Arrays.copyOfRange(request.prompt(), read, read + count);
            var last = count == unread ? wanted() : Wanted.NONE;
            return new Step.Row(chunk, read, row, lora, request.scored() ? Wanted.ALL : last, sampler.never());
        }
        return new Step.Row(new int[] {lastToken}, read, row, lora, wanted(), sampler.never());
    }

    private Wanted wanted() {
        return sampler.onlyBest() ? Wanted.BEST : Wanted.LAST;
    }

    /** How many ids can come next. */
    int vocabulary() {
        return sampler.vocabulary();
    }

    /**
     * Notes that {@code count} tokens have been read, takes the next one and tells the asker what became certain.
     *
     * @param predictions what {@link #row} wanted
     * @param state the last token's hidden states after the layers that it watches, [layers, hidden]
     */
    void settle(int count, List<Prediction> predictions, float[][] state) {
        boolean prompt = unread() > 0;
        if (scoring()) {
            score(count, predictions);
        }
        read += count;
        if (prefix != null && cache != null) {
            prefix.keep(cache, read, prompt ? count : 0);
        }
        if (unread() > 0) {
            return;
        }
        if (prompt && request.scored()) {
            events.add(new GenerationEvent.Scored(scored));
        }
        if (state.length > 0) {
            watch.see(state);
        }
        if (request.sampling().maxTokens() == 0) {
            finish(FinishReason.LENGTH);
        } else {
            settle(predictions.getLast());
        }
    }

    /** Each place's prediction scores the token that stands in the next one; after the last comes the answer. */
    private void score(int count, List<Prediction> predictions) {
        for (int i = 0; i < Math.min(count, unread() - 1); i++) {
            var said = predictions.get(i);
            scored.add(sampled(sampler.score(said.logits(), said.norm(), request.prompt()[read + i + 1])));
        }
    }

    private static SampledToken sampled(Sampler.Choice choice) {
        return new SampledToken(
                choice.token(),
                choice.logprob(),
                choice.top().stream()
                        .map(s -> new SampledToken.Alternative(s.token(), s.logprob()))
                        .toList());
    }

    private void settle(Prediction next) {
        boolean best = next.logits().length == 0;
        var sampled = sampled(
                best ? sampler.next(next.best(), next.bestLogprob()) : sampler.next(next.logits(), next.norm()));
        lastToken = sampled.id();
        if (timings.first() == null) {
            timings = timings.first(clock.instant());
        }
        if (stopIds.contains(lastToken) && (formed() || !request.sampling().ignoreEos()) && !forced()) {
            endLogprob = sampled.logprob();
            finish(FinishReason.STOP);
            return;
        }
        tokens.add(sampled);
        if (prefix != null) {
            prefix.said(lastToken);
        }
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
        end(new Finished(new Completion(
                text.toString(),
                tokens,
                reason,
                stopStrings.match(),
                request.prompt().length,
                cached,
                scored,
                watch.trace(endLogprob))));
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
            adapter = null;
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
