package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.checkpoint.OnTrial;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instances;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks after checkpoints on trial, on a thread of its own: when something was said of an answer, and now and then, as
 * patience ends too. What it finds is decided again within the transaction that acts on it, so that it may come late
 * and never twice.
 */
final class Probation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Probation.class.getName());

    /** How often all are looked at when nobody says anything. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    /** Between two looks: what many people say at once is weighed once. */
    private static final long PAUSE_MS = 250;

    private static final int BATCH = 1_000;

    private final OnTrial onTrial;
    private final Events events;
    private final Instances instances;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;

    /** The newest event that was looked at; of the thread alone. */
    private long seen;

    Probation(OnTrial onTrial, Events events, Instances instances) {
        this.onTrial = onTrial;
        this.events = events;
        this.instances = instances;
        thread = Thread.ofVirtual().name("probation").unstarted(this::run);
    }

    static Probation start(OnTrial onTrial, Events events, Instances instances) {
        var probation = new Probation(onTrial, events, instances);
        probation.thread.start();
        return probation;
    }

    private void run() {
        boolean begun = false;
        while (!closing) {
            try {
                if (closed.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (begun) {
                    look();
                } else {
                    seen = events.newest();
                    begun = true;
                    instances.ids().forEach(this::weigh);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ApprenticeException e) { // the disk is full, or it closes
                if (!closing) {
                    LOG.log(Level.WARNING, "probation=failed, and goes on", e);
                }
            }
        }
    }

    private void look() throws InterruptedException {
        boolean news = events.await(seen, LOOK);
        Set<String> about = new HashSet<>();
        for (var event : events.after(seen, BATCH)) {
            seen = event.sequence();
            if (event.kind() == EventKind.LESSON) {
                about.add(event.instance());
            }
        }
        (news ? about : instances.ids()).forEach(this::weigh);
    }

    private void weigh(String instance) {
        try {
            if (!onTrial.trials().running(instance).isEmpty()) {
                onTrial.weigh(instance);
            }
        } catch (NotFoundException e) {
            LOG.log(Level.DEBUG, "probation=dropped instance={0}", instance);
        }
    }

    @Override
    public void close() {
        closing = true;
        closed.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
