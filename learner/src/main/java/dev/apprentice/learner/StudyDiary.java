package dev.apprentice.learner;

import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.store.Store;
import dev.apprentice.learner.study.StudyStep;
import java.util.Map;

/** Makes events of a study's steps: its beginning, every tenth, its end. */
final class StudyDiary {
    private static final System.Logger LOG = System.getLogger(StudyDiary.class.getName());
    private static final int EVERY = 10;

    private final Store store;
    private final Events events;

    StudyDiary(Store store, Events events) {
        this.store = store;
        this.events = events;
    }

    void note(StudyStep step) {
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
