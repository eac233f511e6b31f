package dev.apprentice.learner.recall;

import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import java.util.List;

/** Where recall finds an instance and its lessons, and whom it tells. Called from any thread. */
public interface LessonSource {
    /** The ids of all instances. */
    List<String> instances();

    /**
     * One of them; asked for with each request, so it must be cheap.
     *
     * @throws dev.apprentice.engine.NotFoundException if there is none
     */
    Instance instance(String id);

    /** Its active lessons, oldest first. */
    List<Lesson> lessons(String instance);

    /** These are in the index now: what is like them is answered by them. */
    void recalled(List<Lesson> lessons);
}
