package dev.apprentice.learner.recall;

import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Place;
import dev.apprentice.learner.lesson.Placed;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where recall finds an instance and its lessons, and whom it tells: the ledger, of which recall's index is a cache.
 * Called from any thread.
 */
public interface LessonSource {
    /** The ids of all instances. */
    List<String> instances();

    /**
     * One of them; asked for with each request, so it must be cheap.
     *
     * @throws dev.apprentice.engine.NotFoundException if there is none
     */
    Instance instance(String id);

    /** The active lesson on the request with the key {@code same}; asked for with each request, too. */
    Optional<Lesson> exact(String instance, String same);

    /**
     * Hands over where its active lessons stand, oldest first; of a frozen instance only those that acted before.
     *
     * @throws dev.apprentice.engine.NotFoundException if there is no such instance
     */
    void places(String instance, Consumer<Place> reader);

    /** Those of {@code ids} that are active lessons of it, oldest first. */
    List<Placed> placed(String instance, Collection<String> ids);

    /** Its standing ratings, rewards, preferences and critiques, oldest first: what its weights may learn of, too. */
    List<Lesson> opinions(String instance);

    /** These are in the index now: what is like them is answered by them. */
    void recalled(Collection<String> ids);
}
