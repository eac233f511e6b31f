package dev.apprentice.learner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.checkpoint.Serving;
import dev.apprentice.learner.exam.Turnover;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Place;
import dev.apprentice.learner.lesson.Placed;
import dev.apprentice.learner.lesson.Reference;
import dev.apprentice.learner.lesson.Waiting;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.LessonSource;
import dev.apprentice.learner.recall.LiveAdapter;
import dev.apprentice.learner.study.Standing;
import dev.apprentice.learner.study.StudyStore;
import dev.apprentice.learner.value.Values;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ledger and registry as recall and study see them: what a frozen instance was told since is not among its lessons. */
final class LearnerStore implements LessonSource, StudyStore {
    private final Instances instances;
    private final Ledger ledger;
    private final Checkpoints checkpoints;
    private final Values values;
    private final ModelConfig base;

    LearnerStore(Instances instances, Ledger ledger, Checkpoints checkpoints, Values values, ModelConfig base) {
        this.instances = instances;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
        this.values = values;
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
    public List<Lesson> lessons(String instance, Collection<String> ids) {
        return placed(instance, ids).stream().map(Placed::lesson).toList();
    }

    @Override
    public List<Waiting> waiting(String instance) {
        return ledger.waiting(instance);
    }

    @Override
    public Optional<Lesson> exact(String instance, String same) {
        return ledger.exact(instance, same);
    }

    @Override
    public void places(String instance, Consumer<Place> reader) {
        boolean frozen = instances.get(instance).frozen();
        ledger.places(instance, place -> {
            if (!frozen || place.state() != LessonState.RECORDED) {
                reader.accept(place);
            }
        });
    }

    @Override
    public List<Placed> placed(String instance, Collection<String> ids) {
        return ledger.placed(instance, ids);
    }

    @Override
    public void recalled(Collection<String> ids) {
        ledger.recalled(ids);
    }

    @Override
    public List<Lesson> opinions(String instance) {
        return standing(instance, ledger.judged(instance)).map(Judged::lesson).toList();
    }

    @Override
    public List<Judged> judged(String instance) {
        return standing(instance, ledger.judged(instance))
                .map(it -> it instanceof Judged.Rewarded rewarded ? credited(rewarded) : it)
                .toList();
    }

    /** While an instance is frozen, only what its weights know already. */
    private Stream<Judged> standing(String instance, List<Judged> judged) {
        boolean frozen = instances.get(instance).frozen();
        return judged.stream().filter(it -> !frozen || it.lesson().state() == LessonState.LIVE);
    }

    private Judged credited(Judged.Rewarded rewarded) {
        var lesson = rewarded.lesson();
        return lesson.own().get("episode") instanceof String episode
                ? rewarded.with(values.credits(lesson.instance(), episode, rewarded.reward()))
                : rewarded;
    }

    @Override
    public Map<String, Reference> references(String instance) {
        return ledger.references(instance);
    }

    @Override
    public void refer(Map<String, Reference> references) {
        ledger.keep(references);
    }

    @Override
    public void reject(String instance, Map<String, String> reasons) {
        ledger.reject(reasons);
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
    public Standing standing(String instance) {
        var past = checkpoints.past(instance);
        var live = live(instance);
        var stale = new HashSet<>(live == null ? Set.of() : live.lessons());
        stale.retainAll(ledger.withdrawn(instance));
        return new Standing(Turnover.of(past.exams(), past.lineage()), stale, past.promotions(), past.awaiting());
    }

    @Override
    public List<JsonNode> reports(String instance) {
        return checkpoints.past(instance).exams();
    }

    @Override
    public void toBase(String instance, String reason) {
        checkpoints.toBase(instance, reason);
    }

    @Override
    public LoraAdapter weights(LiveAdapter live) {
        return PeftFolder.read(live.adapter().folder(), base);
    }

    @Override
    public Made candidate(Draft draft) {
        var made = checkpoints.candidate(new dev.apprentice.learner.checkpoint.Draft(
                draft.instance(), draft.parent(), draft.adapter(), draft.lessons(), draft.plan(), draft.origin()));
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
