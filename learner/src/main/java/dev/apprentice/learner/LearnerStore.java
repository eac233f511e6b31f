package dev.apprentice.learner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.checkpoint.Serving;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.LessonSource;
import dev.apprentice.learner.recall.LiveAdapter;
import dev.apprentice.learner.study.StudyStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ledger and registry as recall and study see them: what a frozen instance was told since is not among its lessons. */
final class LearnerStore implements LessonSource, StudyStore {
    private final Instances instances;
    private final Ledger ledger;
    private final Checkpoints checkpoints;
    private final ModelConfig base;

    LearnerStore(Instances instances, Ledger ledger, Checkpoints checkpoints, ModelConfig base) {
        this.instances = instances;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
        this.base = base;
    }

    @Override
    public List<String> instances() {
        return instances.ids();
    }

    @Override
    public Instance instance(String id) {
        return instances.get(id);
    }

    @Override
    public List<Lesson> lessons(String instance) {
        var active = ledger.active(instance);
        return instances.get(instance).frozen()
                ? active.stream()
                        .filter(lesson -> lesson.state() != LessonState.RECORDED)
                        .toList()
                : active;
    }

    @Override
    public void recalled(List<Lesson> lessons) {
        ledger.recalled(lessons.stream().map(Lesson::id).toList());
    }

    @Override
    public @Nullable LiveAdapter live(String instance) {
        var serving = checkpoints.serving(instances.get(instance));
        var adapter = serving.adapter();
        if (adapter == null) {
            return null;
        }
        var lessons = checkpoints.lineage(instance, serving.number());
        return new LiveAdapter(serving.number(), adapter, lessons, fit(serving));
    }

    /** What is pinned with the checkpoint that serves. */
    static @Nullable CheckpointFit fit(Serving serving) {
        var fit = serving.fit();
        return fit == null ? null : CheckpointFit.of(fit);
    }

    @Override
    public LoraAdapter weights(LiveAdapter live) {
        return PeftFolder.read(live.adapter().folder(), base);
    }

    @Override
    public Made candidate(Draft draft) {
        var made = checkpoints.candidate(new dev.apprentice.learner.checkpoint.Draft(
                draft.instance(), draft.parent(), draft.adapter(), draft.lessons(), draft.plan()));
        AdapterRef adapter = checkpoints.adapter(draft.instance(), made.candidate());
        return new Made(made.candidate(), adapter);
    }

    @Override
    public void failed(String instance, String candidate, JsonNode exam, String reason) {
        checkpoints.reject(instance, candidate, exam, reason);
    }

    @Override
    public void passed(
            String instance,
            String candidate,
            JsonNode exam,
            JsonNode fit,
            Map<String, Boolean> passes,
            boolean promote) {
        checkpoints.pass(instance, candidate, exam, fit, promote);
    }

    @Override
    public void park(String instance, Collection<String> lessons, String reason) {
        ledger.park(lessons, reason);
    }
}
