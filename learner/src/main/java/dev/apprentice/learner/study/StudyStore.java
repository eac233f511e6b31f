package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.LiveAdapter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a study reads and where its candidates go. Called by the learner thread; what a method has written is durable
 * when it returns.
 */
public interface StudyStore {
    /** The ids of all instances. */
    List<String> instances();

    /**
     * One of them.
     *
     * @throws dev.apprentice.engine.NotFoundException if there is none
     */
    Instance instance(String id);

    /** Its active lessons, oldest first. */
    List<Lesson> lessons(String instance);

    /** What answers for it, null for the bare base; its lessons are all that it and its ancestors were trained on. */
    @Nullable
    LiveAdapter live(String instance);

    /** The weights of what answers. */
    LoraAdapter weights(LiveAdapter live);

    /** Keeps a candidate, to be examined. */
    Made candidate(Draft draft);

    /** A candidate failed: it is kept with the report and does not serve. */
    void failed(String instance, String candidate, JsonNode exam, String reason);

    /**
     * A candidate passed: it gets its number and, if {@code promote}, goes live in the same transaction and recall is
     * told.
     *
     * @param fit what is pinned with it
     * @param passes for each examined lesson, whether the candidate answers it right
     */
    void passed(
            String instance,
            String candidate,
            JsonNode exam,
            JsonNode fit,
            Map<String, Boolean> passes,
            boolean promote);

    /** These lessons could not be learnt: recall goes on serving them, and no study tries them by itself. */
    void park(String instance, Collection<String> lessons, String reason);

    /**
     * A new candidate.
     *
     * @param instance whose
     * @param parent number of the checkpoint it went on from, null for the base
     * @param adapter its weights
     * @param lessons ids of all lessons that it was trained on, replayed ones too
     * @param plan how
     */
    record Draft(String instance, @Nullable Integer parent, LoraAdapter adapter, List<String> lessons, JsonNode plan) {
        public Draft {
            lessons = List.copyOf(lessons);
        }
    }

    /**
     * A kept candidate.
     *
     * @param candidate its name
     * @param adapter its weights, as the engine loads them
     */
    record Made(String candidate, AdapterRef adapter) {}
}
