package dev.apprentice.engine.batch;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.EngineSettings;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.PrefixStats;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.adapter.Residency;
import dev.apprentice.engine.batch.GenerationRequest.Priority;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Decoder;
import dev.apprentice.engine.decoder.Seen;
import dev.apprentice.engine.decoder.Step;
import dev.apprentice.engine.model.SpecialTokens;
import dev.apprentice.engine.sampling.Grammar;
import dev.apprentice.engine.sampling.Sampler;
import dev.apprentice.engine.text.Detokenizer;
import dev.apprentice.engine.text.Tokenizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Many answers, one batch, one step at a time: schedule, run, settle.
 *
 * <p>The engine thread owns everything but the arrivals. Each turn of its loop
 *
 * <ol>
 *   <li>lets go of those whose asker left or whose deadline passed, and gives free places to those who wait, the
 *       instances in turn ({@link FairQueue}), people before jobs of ours, as long as their keys and values and their
 *       adapters fit the byte budgets;
 *   <li>schedules: one token for each row that is answering, and up to {@code prefillTokens} prompt tokens over the
 *       rows that are still reading, the instances in turn, so that a long prompt does not stop running answers; what
 *       was read before is taken from the {@link PrefixCache};
 *   <li>runs the step while holding the compute permit;
 *   <li>settles: samples a token for each row whose logits came, sends what became certain, frees what ended.
 * </ol>
 *
 * A row keeps one adapter from its first token to its last. Jobs of ours run in steps of their own while nobody else
 * waits, and in every twentieth step otherwise.
 */
public final class Scheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    /** Jobs of ours get every so many'th step while people wait. */
    private static final int BACKGROUND_EVERY = 20;

    /** Caches are cut to whole blocks of tokens. */
    private static final int CACHE_BLOCK = 16;

    private final Decoder decoder;
    private final Residency residency;
    private final ComputePermit permit;
    private final EngineSettings settings;
    private final Clock clock;
    private final ConcurrentLinkedQueue<Sequence> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicInteger runningCount = new AtomicInteger();
    private final FairQueue people = new FairQueue();
    private final FairQueue jobs = new FairQueue();
    private final List<Sequence> running = new ArrayList<>();
    private final ReadingTurns reading = new ReadingTurns();
    private final @Nullable PrefixCache prefixes;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean called;
    private long cacheBytes;
    private long steps;

    /** Starts the engine thread on {@code decoder}. */
    public Scheduler(Decoder decoder, Residency residency, ComputePermit permit, EngineSettings settings, Clock clock) {
        this.decoder = decoder;
        this.residency = residency;
        this.permit = permit;
        this.settings = settings;
        this.clock = clock;
        this.prefixes = settings.prefixCacheBytes() == 0
                ? null
                : new PrefixCache(decoder.blocks(), settings.prefixCacheBytes());
        this.thread = Thread.ofPlatform().name("engine").daemon(true).unstarted(this::loop);
    }

    /** Begins to take requests. */
    public void start() {
        thread.start();
    }

    /** How many answers are in the batch. */
    public int running() {
        return runningCount.get();
    }

    /** How many requests wait for a place. */
    public int waiting() {
        return waitingCount.get();
    }

    /** What the cache of prompts' beginnings holds. */
    public PrefixStats prefixes() {
        return prefixes == null ? PrefixStats.NONE : prefixes.stats();
    }

    private void wake() {
        called = true;
        LockSupport.unpark(thread);
    }

    /** Waits until somebody has called since the loop began anew; computing parks too and swallows calls to unpark. */
    private void sleep() {
        while (!called) {
            LockSupport.park(this);
        }
    }

    /**
     * Begins an answer.
     *
     * @throws OverloadedException when the queue is full
     * @throws InvalidRequestException when it can never fit
     * @throws UnavailableException when the engine is closing
     */
    public Generation submit(
            GenerationRequest request, Tokenizer tokenizer, SpecialTokens specials, @Nullable Grammar grammar) {
        admit(request.prompt().length + request.sampling().maxTokens(), request.priority());
        var stops = Arrays.stream(specials.stopIds()).boxed().collect(Collectors.toUnmodifiableSet());
        var sampler =
                new Sampler(request.sampling(), request.guide(), request.prompt(), stops, grammar, tokenizer.size());
        long adapterBytes = request.adapter() == null ? 0 : residency.check(request.adapter());
        var sequence = new Sequence(
                request,
                adapterBytes,
                Prefix.of(request, prefixes),
                sampler,
                new Detokenizer(tokenizer, request.continues()),
                stops,
                this::wake,
                clock);
        add(sequence);
        return sequence;
    }

    private void admit(int capacity, Priority priority) {
        if (closing) {
            throw closed();
        }
        long bytes = decoder.cacheBytes(blocks(capacity));
        if (bytes > settings.cacheBytes()) {
            throw new InvalidRequestException(
                    "context_too_large",
                    "prompt and answer of " + capacity + " tokens need " + bytes
                            + " bytes of keys and values, the budget is " + settings.cacheBytes(),
                    Fault.of("max_tokens", settings.cacheBytes() + " bytes at most", bytes + " bytes"));
        }
        if (priority == Priority.INTERACTIVE && waitingCount.get() >= settings.queueLimit()) {
            throw new OverloadedException(
                    "queue_full",
                    settings.queueLimit() + " requests wait already; try again in a moment",
                    Duration.ofSeconds(1));
        }
    }

    private void add(Sequence sequence) {
        waitingCount.incrementAndGet();
        arrivals.add(sequence);
        if (closing) {
            drainArrivals();
        }
        wake();
    }

    /** Whether a person's or an application's answer is running. */
    private boolean someoneWaits() {
        return running.stream().anyMatch(s -> s.priority() == Priority.INTERACTIVE);
    }

    private void loop() {
        while (!closing) {
            called = false;
            places();
            if (running.isEmpty()) {
                permit.answering(false);
                decoder.rest();
                sleep();
                continue;
            }
            permit.answering(someoneWaits()); // for jobs of ours learning holds nothing back
            var chosen = schedule();
            if (!chosen.isEmpty()) {
                step(chosen);
            } else {
                sleep(); // all that run wait for their adapters to be loaded
            }
        }
        permit.answering(false);
        running.forEach(s -> s.fail(closed()));
        people.forEach(s -> s.fail(closed()));
        jobs.forEach(s -> s.fail(closed()));
        drainArrivals();
    }

    private void drainArrivals() {
        for (var late = arrivals.poll(); late != null; late = arrivals.poll()) {
            late.fail(closed());
        }
    }

    private static UnavailableException closed() {
        return new UnavailableException("closing", "the engine is closing", Fault.NONE);
    }

    /** Frees places and fills them. */
    private void places() {
        for (var arrived = arrivals.poll(); arrived != null; arrived = arrivals.poll()) {
            (arrived.priority() == Priority.INTERACTIVE ? people : jobs).add(arrived);
        }
        var now = clock.instant();
        running.removeIf(sequence -> {
            long bytes = sequence.cacheBytes();
            boolean gone = letGo(sequence, now);
            cacheBytes -= gone ? bytes : 0;
            return gone;
        });
        people.removeIf(sequence -> forget(sequence, now));
        jobs.removeIf(sequence -> forget(sequence, now));
        if (fill(people)) {
            fill(jobs);
        }
        runningCount.set(running.size());
    }

    private boolean forget(Sequence sequence, Instant now) {
        boolean gone = letGo(sequence, now);
        if (gone) {
            waitingCount.decrementAndGet();
        }
        return gone;
    }

    private static boolean letGo(Sequence sequence, Instant now) {
        sequence.failWithItsAdapter();
        if (sequence.givenUp()) {
            sequence.drop();
        } else if (sequence.expired(now)) {
            sequence.fail(new UnavailableException(
                    "deadline_exceeded", "the request's deadline passed before its answer was whole", Fault.NONE));
        }
        return sequence.ended();
    }

    /**
     * Gives free places to {@code waiting}. Whose turn it is and finds no room is not overtaken, or those who need less
     * would keep him waiting for ever; an adapter that has its room and is being loaded holds up nobody.
     *
     * @return false if somebody waits for memory
     */
    private boolean fill(FairQueue waiting) {
        for (var next = waiting.first(); next != null && running.size() < settings.maxRows(); next = waiting.first()) {
            int capacity = blocks(next.capacity());
            long bytes = decoder.cacheBytes(capacity);
            if (cacheBytes + bytes > settings.cacheBytes() || !next.pin(residency, this::wake)) {
                return false;
            }
            waiting.removeFirst();
            waitingCount.decrementAndGet();
            try {
                next.place(decoder.cache(capacity));
            } catch (ApprenticeException e) {
                next.fail(e);
                continue;
            }
            cacheBytes += bytes;
            running.add(next);
        }
        return true;
    }

    private static int blocks(int tokens) {
        return (tokens + CACHE_BLOCK - 1) / CACHE_BLOCK * CACHE_BLOCK;
    }

    /** What one row computes in a step. */
    private record Part(Sequence sequence, Step.Row row) {}

    /** Who takes part in the next step, and with what. */
    private List<Part> schedule() {
        steps++;
        boolean all = steps % BACKGROUND_EVERY == 0 || !someoneWaits();
        int budget = settings.prefillTokens();
        boolean scoring = false; // one a step: their logits are large
        var chosen = new ArrayList<Part>();
        for (var sequence : reading.order(running)) {
            if (!sequence.ready() || (!all && sequence.priority() == Priority.BACKGROUND)) {
                continue;
            }
            sequence.reuse();
            if (sequence.unread() == 0) {
                chosen.add(new Part(sequence, sequence.row(1)));
            } else if (!(scoring && sequence.scoring())) {
                int piece = sequence.piece(budget);
                if (piece == 0 && budget == settings.prefillTokens()) {
                    piece = Math.min(budget, sequence.unread()); // less than a block is read in a step
                }
                if (piece > 0) {
                    chosen.add(new Part(sequence, sequence.row(piece)));
                    budget -= piece;
                    reading.read(sequence, steps);
                    scoring |= sequence.scoring();
                }
            }
        }
        chosen.sort(Comparator.comparingInt(part -> part.sequence().adapterOrder()));
        return chosen;
    }

    private void step(List<Part> chosen) {
        var rows = chosen.stream().map(Part::row).toList();
        try {
            var watched = Watched.by(chosen.stream().map(Part::sequence).toList());
            Seen seen;
            try (var _ = permit.serve()) {
                seen = decoder.step(new Step(rows, chosen.getFirst().sequence().vocabulary()), watched.layers());
            }
            settle(chosen, seen, watched);
        } catch (ApprenticeException e) {
            failed(chosen, e);
        } catch (RuntimeException | AssertionError e) {
            LOG.log(System.Logger.Level.ERROR, "event=step_failed rows=" + rows.size(), e);
            failed(chosen, new FailedException("step_failed", "the engine failed in this step", Fault.NONE, e));
        }
    }

    private void failed(List<Part> chosen, ApprenticeException e) {
        for (var part : chosen) {
            var sequence = part.sequence();
            cacheBytes -= sequence.cacheBytes();
            sequence.fail(e);
            running.remove(sequence);
        }
    }

    private void settle(List<Part> chosen, Seen seen, Watched watched) {
        var all = seen.predictions();
        int at = 0;
        for (var part : chosen) {
            var sequence = part.sequence();
            var row = part.row();
            long bytes = sequence.cacheBytes();
            try {
                int last = at + row.predictions();
                sequence.settle(row.tokens().length, all.subList(at, last), watched.state(sequence, seen, last - 1));
            } catch (ApprenticeException e) {
                sequence.fail(e); // a form that cannot go on ends its own answer, not its neighbours'
            } catch (RuntimeException | AssertionError e) {
                LOG.log(System.Logger.Level.ERROR, "event=sampling_failed", e);
                sequence.fail(new FailedException("sampling_failed", "no next token was found", Fault.NONE, e));
            }
            at += row.predictions();
            if (sequence.ended()) {
                cacheBytes -= bytes;
                running.remove(sequence);
            }
        }
        assert at == all.size() : all.size() + " predictions for " + at + " tokens that wanted them";
    }

    /** Ends all answers with a fault and the thread with them. */
    @Override
    public void close() {
        closing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (prefixes != null) {
            prefixes.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
