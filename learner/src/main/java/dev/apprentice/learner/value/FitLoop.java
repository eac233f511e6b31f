package dev.apprentice.learner.value;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The thread that fits heads: woken by the events that tell of feedback, and never in anybody's way. A fit is due when
 * a twentieth more was said than the head knows, or when nothing was said for a while. After each it rests four times
 * as long as the fit took, so that however much is said a fifth of one processor is the most it takes.
 */
final class FitLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FitLoop.class.getName());

    /**
     * Heads that know most of what was said are fitted to the rest when nobody has said or asked anything for so long.
     */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** And so long after the first of it at the latest: where many ask it is never quiet. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int EVENTS_AT_ONCE = 1000;
    private static final int PART = 20;
    private static final int REST = 4;

    private final Events events;
    private final Fitting fitting;
    private final Thread thread;
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Map<String, Integer> words = new LinkedHashMap<>();
    private long seen;
    private long restsUntil = System.nanoTime();
    private long waitsSince = System.nanoTime();

    /** Who fits. */
    interface Fitting {
        /** Fits the instance's head to all that was said. */
        void fit(String instance);

        /** How many outcomes its head knows. */
        int known(String instance);
    }

    private sealed interface Task {
        /** Something was committed. */
        record Commit() implements Task {}

        record Changed(String instance) implements Task {}

        record Settle(CountDownLatch done) implements Task {}

        record Stop() implements Task {}
    }

    FitLoop(Events events, Fitting fitting) {
        this.events = events;
        this.fitting = fitting;
        thread = Thread.ofPlatform().name("value").daemon().unstarted(this::run);
    }

    /** Begins, with {@code instances} to look at: what was said before a crash is fitted now. */
    void start(List<String> instances) {
        seen = events.newest();
        instances.forEach(this::changed);
        thread.start();
    }

    /** Something was committed; quick, for the store's writer. */
    void committed() {
        if (woken.compareAndSet(false, true)) {
            tasks.add(new Task.Commit());
        }
    }

    void changed(String instance) {
        tasks.add(new Task.Changed(instance));
    }

    /** Waits until everything that was said before is fitted. */
    void settle() throws InterruptedException {
        var done = new CountDownLatch(1);
        tasks.add(new Task.Settle(done));
        done.await();
    }

    private void run() {
        try {
            while (true) {
                var task = words.isEmpty() ? tasks.take() : tasks.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
                switch (task) {
                    case null -> fitRested(List.copyOf(words.keySet()));
                    case Task.Commit _ -> {
                        woken.set(false);
                        listen();
                        fitDue();
                    }
                    case Task.Changed(var instance) -> word(instance);
                    case Task.Settle(var done) -> {
                        listen();
                        List.copyOf(words.keySet()).forEach(this::fit);
                        done.countDown();
                    }
                    case Task.Stop _ -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try {
            for (var news = events.after(seen, EVENTS_AT_ONCE); !news.isEmpty(); ) {
                for (var event : news) {
                    seen = event.sequence();
                    if (event.kind() == EventKind.LESSON) {
                        word(event.instance());
                    }
                }
                news = events.after(seen, EVENTS_AT_ONCE);
            }
        } catch (ApprenticeException e) {
            LOG.log(System.Logger.Level.WARNING, "event=value_not_woken", e);
        }
    }

    private void word(String instance) {
        if (words.isEmpty()) {
            waitsSince = System.nanoTime();
        }
        words.merge(instance, 1, Integer::sum);
    }

    private void fitDue() {
        if (!words.isEmpty() && System.nanoTime() - waitsSince >= PATIENCE.toNanos()) {
            fitRested(List.copyOf(words.keySet()));
            return;
        }
        fitRested(words.entrySet().stream()
                .filter(each -> each.getValue() * PART >= fitting.known(each.getKey()))
                .map(Map.Entry::getKey)
                .toList());
    }

    private void fitRested(List<String> instances) {
        for (var instance : instances) {
            if (System.nanoTime() - restsUntil >= 0) { // the others are due again when it has been quiet
                fit(instance);
            }
        }
    }

    private void fit(String instance) {
        words.remove(instance);
        long began = System.nanoTime();
        try {
            fitting.fit(instance);
        } catch (ApprenticeException e) { // the store is full: the next word tries again
            LOG.log(System.Logger.Level.WARNING, "event=value_not_fitted instance=" + instance, e);
        }
        long now = System.nanoTime();
        restsUntil = now + REST * (now - began);
    }

    /** Ends after the fit that runs. */
    @Override
    public void close() {
        tasks.add(new Task.Stop());
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
