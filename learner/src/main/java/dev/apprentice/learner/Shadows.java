package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.learner.checkpoint.OnTrial;
import dev.apprentice.learner.lesson.Wording;
import dev.apprentice.learner.promotion.Trial;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/**
 * Lets a checkpoint in the shadow answer what another one has answered: afterwards, behind those who wait, one at a
 * time, and nobody is shown it. Where more comes than it can answer, it answers some of it.
 */
final class Shadows implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Shadows.class.getName());
    private static final int WAITING_MAX = 32;

    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Engine engine;
    private final OnTrial onTrial;
    private final Thread thread;

    /**
     * One answer to give.
     *
     * @param interaction whose
     * @param trial for which
     * @param request what to ask, empty where the trial is over
     * @param said what was answered
     */
    record Task(String interaction, Trial trial, Supplier<Optional<GenerationRequest>> request, String said) {}

    private Shadows(Engine engine, OnTrial onTrial) {
        this.engine = engine;
        this.onTrial = onTrial;
        thread = Thread.ofVirtual().name("shadows").unstarted(this::run);
    }

    static Shadows start(Engine engine, OnTrial onTrial) {
        var shadows = new Shadows(engine, onTrial);
        shadows.thread.start();
        return shadows;
    }

    /** Takes {@code task} on, unless too many wait. */
    void offer(Task task) {
        if (!tasks.offer(task)) {
            LOG.log(Level.DEBUG, "shadow=skipped interaction={0}", task.interaction());
        }
    }

    private void run() {
        try {
            while (true) {
                var task = tasks.take();
                try {
                    answer(task);
                } catch (ApprenticeException e) { // too many wait, or the trial or the instance is gone
                    LOG.log(Level.DEBUG, "shadow=failed interaction={0} code={1}", task.interaction(), e.code());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void answer(Task task) throws InterruptedException {
        var request = task.request().get();
        if (request.isEmpty()) {
            return;
        }
        try (var generation = engine.submit(request.get().inBackground())) {
            var text = generation.await().text();
            boolean same = Wording.plain(text).equals(Wording.plain(task.said()));
            onTrial.trials().shadowed(task.interaction(), task.trial(), text, same);
            onTrial.weigh(task.trial().instance());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
