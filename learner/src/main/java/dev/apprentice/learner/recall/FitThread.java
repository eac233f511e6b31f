package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread on which fits that ask questions run: they may take seconds, and the index must not wait for them. */
final class FitThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FitThread.class.getName());

    private final LinkedBlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
    private final Fitting fitting;
    private final LessonSource source;
    private final RecallThread index;
    private final Thread thread;

    FitThread(Fitting fitting, LessonSource source, RecallThread index) {
        this.fitting = fitting;
        this.source = source;
        this.index = index;
        thread = Thread.ofPlatform().name("recall-fit").daemon().unstarted(this::run);
    }

    /** One instance whose fit is due. */
    private record Wish(String instance, Room room) {}

    void start() {
        thread.start();
    }

    void wish(String instance, Room room) {
        var wish = new Wish(instance, room);
        if (!wishes.contains(wish)) {
            wishes.add(wish);
        }
    }

    private void run() {
        try {
            while (true) {
                var wish = wishes.take();
                fit(wish.instance(), wish.room());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void fit(String instance, Room room) throws InterruptedException {
        var view = room.view();
        if (view == null) {
            return;
        }
        try {
            var gate = view.index() instanceof WideIndex wide ? wide.gate() : null;
            var fit = fitting.fit(view.index(), source.instance(instance), room.live());
            LOG.log(Level.INFO, "recall_fitted instance=" + instance + " " + described(fit));
            index.fitted(instance, room, fit, gate);
        } catch (UncheckedIOException e) {
            index.damaged(instance, room, view, e);
        } catch (ApprenticeException e) {
            // full queue, deleted instance: what held before goes on holding, and the next lesson asks again
            LOG.log(Level.INFO, "recall_not_fitted instance=" + instance + " code=" + e.code());
        }
    }

    private static String described(RecallFit fit) {
        return "examples=" + fit.examples() + " lambda=" + fit.lambda() + " temperature=" + fit.temperature()
                + " lessons=" + fit.lessons();
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
