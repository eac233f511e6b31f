package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.exam.ExamPlan;
import dev.apprentice.learner.exam.Examiners;
import dev.apprentice.learner.exam.Turnover;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Place;
import dev.apprentice.learner.lesson.Placed;
import dev.apprentice.learner.lesson.Reference;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.lesson.SampleLessons;
import dev.apprentice.learner.lesson.Waiting;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.LessonSource;
import dev.apprentice.learner.recall.LiveAdapter;
import dev.apprentice.learner.recall.Recall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lessons and checkpoints of one instance in memory, adapters in a folder. */
final class MemoryStore implements StudyStore, LessonSource {
    static final String ID = "job";

    private volatile boolean frozen;

    /** The instance's policy. */
    volatile Policy policy = Policy.DEFAULT;

    /** How many plans compete. */
    volatile RivalPlan rivals = RivalPlan.DEFAULT;

    private volatile Standing standing = Standing.NEW;
    private volatile @Nullable String toBase;

    private final Path folder;
    private final Instant created;
    private final Map<String, Lesson> lessons = new LinkedHashMap<>();
    private final Map<String, LoraAdapter> weights = new LinkedHashMap<>();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, AdapterRef> files = new LinkedHashMap<>();
    private final List<JsonNode> exams = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<Judged> judged = new ArrayList<>();
    private final Map<String, Reference> references = new LinkedHashMap<>();
    private @Nullable LiveAdapter live;
    private int numbers;
    private Consumer<LiveAdapter> watcher = _ -> {};

    MemoryStore(Path folder, Instant created) {
        this.folder = folder;
        this.created = created;
    }

    synchronized Lesson teach(String question, String answer, Instant at) {
        return teach(question, answer, at, Map.of());
    }

    /** With what the lesson says of tools. */
    synchronized Lesson teach(String question, String answer, Instant at, Map<String, Object> own) {
        var lesson = SampleLessons.example(
                "les_" + lessons.size(), ID, List.of(ChatMessage.of("user", question)), answer, at, own);
        lessons.put(lesson.id(), lesson);
        return lesson;
    }

    void watch(Consumer<LiveAdapter> watcher) {
        this.watcher = watcher;
    }

    /** The lesson is taken back; the weights know it still. */
    void withdraw(String id) {
        state(id, LessonState.WITHDRAWN, null);
        standing = new Standing(Turnover.NONE, Set.of(id), 1, Set.of());
    }

    /** A candidate that knows these is on trial, or none is. */
    void trying(String... ids) {
        standing = new Standing(Turnover.NONE, Set.of(), 1, Set.of(ids));
    }

    /** The weights know these no more. */
    void lost(String... ids) {
        standing = new Standing(new Turnover(Set.of(ids), Set.of(ids)), Set.of(), 1, Set.of());
    }

    @Nullable
    String backToBase() {
        return toBase;
    }

    @Override
    public Standing standing(String instance) {
        return standing;
    }

    @Override
    public synchronized void toBase(String instance, String reason) {
        toBase = reason;
        live = null;
        standing = Standing.NEW;
    }

    void freeze() {
        frozen = true;
    }

    synchronized List<Draft> drafts() {
        return List.copyOf(drafts.values());
    }

    synchronized List<LessonState> states() {
        return lessons.values().stream().map(Lesson::state).toList();
    }

    synchronized List<JsonNode> exams() {
        return List.copyOf(exams);
    }

    /** Why candidates were kept out. */
    synchronized List<String> reasons() {
        return List.copyOf(reasons);
    }

    @Override
    public List<String> instances() {
        return List.of(ID);
    }

    @Override
    public Instance instance(String id) {
        if (!id.equals(ID)) {
            throw new NotFoundException("instance_not_found", "no " + id, Fault.at("instance"));
        }
        return new Instance(ID, "", null, policy, frozen, 0, created);
    }

    @Override
    public synchronized List<Lesson> lessons(String instance) {
        return lessons.values().stream()
                .filter(l -> l.kind().teaches() && l.state().active())
                .toList();
    }

    @Override
    public List<Lesson> lessons(String instance, Collection<String> ids) {
        return placed(instance, ids).stream().map(Placed::lesson).toList();
    }

    @Override
    public synchronized List<Waiting> waiting(String instance) {
        return lessons.values().stream()
                .filter(l -> l.checkpoint() == null && l.state().active() && l.state() != LessonState.PARKED)
                .map(Waiting::of)
                .toList();
    }

    @Override
    public List<Lesson> opinions(String instance) {
        return judged(instance).stream().map(Judged::lesson).toList();
    }

    @Override
    public synchronized List<Judged> judged(String instance) {
        return judged.stream()
                .filter(it -> Objects.requireNonNull(lessons.get(it.lesson().id()))
                        .state()
                        .active())
                .toList();
    }

    @Override
    public synchronized Map<String, Reference> references(String instance) {
        return Map.copyOf(references);
    }

    @Override
    public synchronized void refer(Map<String, Reference> found) {
        references.putAll(found);
    }

    @Override
    public void reject(String instance, Map<String, String> reasons) {
        reasons.keySet().forEach(id -> state(id, LessonState.REJECTED, null));
    }

    /** Adds a judged answer. */
    synchronized void judge(Judged one) {
        lessons.put(one.lesson().id(), one.lesson());
        judged.add(one);
    }

    @Override
    public Optional<Lesson> exact(String instance, String same) {
        return lessons(instance).reversed().stream()
                .filter(lesson -> Same.key(lesson.messages()).equals(same))
                .findFirst();
    }

    @Override
    public synchronized void places(String instance, Consumer<Place> reader) {
        placed(instance, lessons.keySet())
                .forEach(it -> reader.accept(new Place(
                        it.sequence(),
                        it.lesson().id(),
                        Same.key(it.lesson().messages()),
                        it.lesson().state())));
    }

    @Override
    public synchronized List<Placed> placed(String instance, Collection<String> ids) {
        var all = List.copyOf(lessons.values());
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Placed(i + 1, all.get(i)))
                .filter(it ->
                        it.lesson().state().active() && ids.contains(it.lesson().id()))
                .toList();
    }

    @Override
    public void recalled(Collection<String> ids) {
        ids.forEach(id -> state(id, LessonState.RECALLED, null));
    }

    @Override
    public synchronized @Nullable LiveAdapter live(String instance) {
        return live;
    }

    @Override
    public synchronized LoraAdapter weights(LiveAdapter live) {
        return Objects.requireNonNull(weights.get(live.adapter().digest()));
    }

    @Override
    public synchronized Made candidate(Draft draft) {
        var name = "cand_" + drafts.size();
        var digest = PeftFolder.digest(draft.adapter());
        var path = folder.resolve(name);
        try {
            PeftFolder.write(draft.adapter(), path, "base");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var ref = new AdapterRef(digest, path);
        drafts.put(name, draft);
        weights.put(digest, draft.adapter());
        files.put(name, ref);
        return new Made(name, ref);
    }

    @Override
    public synchronized void failed(String instance, String candidate, JsonNode exam, String reason) {
        reasons.add(reason);
        exams.add(exam);
    }

    @Override
    public synchronized void passed(
            String instance,
            String candidate,
            JsonNode exam,
            JsonNode fit,
            Map<String, Boolean> passes,
            boolean promote) {
        exams.add(exam);
        if (!promote) {
            return;
        }
        var draft = Objects.requireNonNull(drafts.get(candidate));
        live = new LiveAdapter(
                ++numbers,
                Objects.requireNonNull(files.get(candidate)),
                Set.copyOf(draft.lessons()),
                CheckpointFit.of(fit));
        draft.lessons().forEach(id -> state(id, LessonState.LIVE, numbers));
        watcher.accept(live);
    }

    @Override
    public void park(String instance, Collection<String> lessons, String reason) {
        lessons.forEach(id -> state(id, LessonState.PARKED, null));
    }

    private synchronized void state(String id, LessonState state, @Nullable Integer checkpoint) {
        var l = Objects.requireNonNull(lessons.get(id));
        lessons.put(
                id,
                new Lesson(
                        l.id(),
                        l.instance(),
                        l.kind(),
                        l.interaction(),
                        l.choice(),
                        l.messages(),
                        l.answer(),
                        l.said(),
                        l.by(),
                        state,
                        l.reason(),
                        l.passes(),
                        checkpoint == null ? l.checkpoint() : checkpoint,
                        l.pinned(),
                        l.trust(),
                        l.created(),
                        l.own()));
    }

    @Override
    public synchronized List<JsonNode> reports(String instance) {
        return List.copyOf(exams);
    }

    /** A candidate was examined before. */
    synchronized void remember(JsonNode exam) {
        exams.add(exam);
    }

    /** Studies of this store by the default plans, at {@code now}, where nobody else is asked in an exam. */
    Studies studies(Base base, Recall recall, Instant now) {
        var seams = new Seams(Clock.fixed(now, ZoneOffset.UTC), () -> 7L, () -> "id");
        return Studies.open(
                base,
                Probes.load(),
                this,
                recall,
                StudyPlan.DEFAULT,
                rivals,
                StudyStart.DEFAULT,
                ExamPlan.DEFAULT,
                Examiners.NONE,
                seams,
                _ -> {});
    }
}
