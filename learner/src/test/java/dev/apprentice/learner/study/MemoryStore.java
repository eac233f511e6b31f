package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.LessonSource;
import dev.apprentice.learner.recall.LiveAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lessons and checkpoints of one instance in memory, adapters in a folder. */
final class MemoryStore implements StudyStore, LessonSource {
    static final String ID = "job";

    private volatile boolean frozen;

    private final Path folder;
    private final Instant created;
    private final Map<String, Lesson> lessons = new LinkedHashMap<>();
    private final Map<String, LoraAdapter> weights = new LinkedHashMap<>();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, AdapterRef> files = new LinkedHashMap<>();
    private final List<JsonNode> exams = new ArrayList<>();
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
        var lesson = new Lesson(
                "les_" + lessons.size(),
                ID,
                LessonKind.EXAMPLE,
                null,
                0,
                List.of(ChatMessage.of("user", question)),
                answer,
                null,
                "local",
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                1.0,
                at,
                own);
        lessons.put(lesson.id(), lesson);
        return lesson;
    }

    void watch(Consumer<LiveAdapter> watcher) {
        this.watcher = watcher;
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

    @Override
    public List<String> instances() {
        return List.of(ID);
    }

    @Override
    public Instance instance(String id) {
        if (!id.equals(ID)) {
            throw new NotFoundException("instance_not_found", "no " + id, Fault.at("instance"));
        }
        return new Instance(ID, "", null, Policy.DEFAULT, frozen, 0, created);
    }

    @Override
    public synchronized List<Lesson> lessons(String instance) {
        return lessons.values().stream().filter(l -> l.state().active()).toList();
    }

    @Override
    public void recalled(List<Lesson> lessons) {
        lessons.forEach(lesson -> state(lesson.id(), LessonState.RECALLED, null));
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
}
