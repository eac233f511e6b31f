package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Reference;
import dev.apprentice.learner.lesson.Waiting;
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

    /** Those of {@code ids} that are active lessons of it. */
    List<Lesson> lessons(String instance, Collection<String> ids);

    /**
     * What waits to be studied, in no order: lessons that no checkpoint has carried and no study has parked, thumbs
     * aside. Of judged answers more may be named than {@link #judged} has, as some are not whole yet.
     */
    List<Waiting> waiting(String instance);

    /** What stands of judged answers, oldest first. */
    List<Judged> judged(String instance);

    /** What judged lessons are measured from, by lesson, as far as they were studied before. */
    Map<String, Reference> references(String instance);

    /** Keeps what judged lessons are measured from. */
    void refer(Map<String, Reference> references);

    /** Nothing can be learnt from these judged lessons, for the reason of each. */
    void reject(String instance, Map<String, String> reasons);

    /** Reports of its candidates, in no order. */
    default List<JsonNode> reports(String instance) {
        return List.of();
    }

    /** What answers for it, null for the bare base; its lessons are all that it and its ancestors were trained on. */
    @Nullable
    LiveAdapter live(String instance);

    /** The weights of what answers. */
    LoraAdapter weights(LiveAdapter live);

    /** Where the instance stands beside the lessons that wait. */
    default Standing standing(String instance) {
        return Standing.NEW;
    }

    /** The bare base answers again: every lesson that the weights were trained on was taken back. */
    default void toBase(String instance, String reason) {}

    /** Keeps a candidate, to be examined. */
    Made candidate(Draft draft);

    /** A candidate failed: it is kept with the report and does not serve. */
    void failed(String instance, String candidate, JsonNode exam, String reason);

    /**
     * A candidate passed: it gets its number and, if {@code promote}, goes live in the same transaction and recall is
     * told; where the policy has a shadow or a canary, it is tried first.
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
     * @param origin {@code study}, or {@code rebuild} where it was built anew from the base
     */
    record Draft(
            String instance,
            @Nullable Integer parent,
            LoraAdapter adapter,
            List<String> lessons,
            JsonNode plan,
            String origin) {
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
