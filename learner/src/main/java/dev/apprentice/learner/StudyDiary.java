package dev.apprentice.learner;

import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.store.Store;
import dev.apprentice.learner.study.StudyPart;
import dev.apprentice.learner.study.StudyStep;
import dev.apprentice.learner.study.StudyWatcher;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Makes events of a study's steps: its beginning, every tenth, its end; passes on what is over. */
final class StudyDiary implements StudyWatcher {
    private static final System.Logger LOG = System.getLogger(StudyDiary.class.getName());
    private static final int EVERY = 10;

    private final Store store;
    private final Events events;
    private final AtomicReference<Consumer<StudyPart>> reader = new AtomicReference<>(_ -> {});

    StudyDiary(Store store, Events events) {
        this.store = store;
        this.events = events;
    }

    /** From now on {@code reader} hears of what is over, on the learner thread. */
    void tell(Consumer<StudyPart> reader) {
        this.reader.set(reader);
    }

    @Override
    public void over(StudyPart part) {
        reader.get().accept(part);
    }

    @Override
    public void step(StudyStep step) {
        if (step.step() % EVERY != 0 && step.step() != step.steps() - 1) {
            return;
        }
        var data = Map.of(
                "step", step.step(),
                "steps", step.steps(),
                "logprob", step.logprob(),
                "anchor_nats", step.anchorNats(),
                "tokens", step.tokens());
        try {
            var _ = store.submit(db -> {
                events.append(db, EventKind.STUDY, step.instance(), data);
                return step;
            });
        } catch (UnavailableException e) {
            LOG.log(System.Logger.Level.DEBUG, "study_step=unrecorded instance={0}", step.instance());
        }
    }
}
