package dev.apprentice.learner;

import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.checkpoint.LiveWatcher;
import dev.apprentice.learner.instance.InstanceWatcher;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonWatcher;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.study.Studies;
import dev.apprentice.learner.value.Values;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries what became durable to those who act on it, on the store's writer thread and so in the order in which it
 * became so: recall never hears that a lesson is gone before it hears that it came. Rooms are opened one after another;
 * what happens before all are there is found by them when they open.
 */
final class News implements LessonWatcher, InstanceWatcher, LiveWatcher {
    /** Those who act. */
    record Readers(LearnerStore store, Checkpoints checkpoints, Recall recall, Studies studies) {}

    private final AtomicReference<@Nullable Readers> readers = new AtomicReference<>();
    private final AtomicReference<@Nullable Values> values = new AtomicReference<>();

    /** From here on {@code values} hears which instances are gone. */
    void judgedBy(Values values) {
        this.values.set(values);
    }

    void begin(Readers readers) {
        this.readers.set(readers);
    }

    @Override
    public void given(Lesson lesson) {
        var to = readers.get();
        if (to != null) {
            to.recall().add(lesson);
            to.studies().given(lesson);
        }
    }

    @Override
    public void gone(Lesson lesson) {
        var to = readers.get();
        if (to != null) {
            to.recall().remove(lesson);
            to.studies().turned(lesson.instance());
        }
    }

    @Override
    public void frozen(String instance, boolean frozen) {
        var to = readers.get();
        if (to == null) {
            return;
        }
        if (frozen) {
            to.studies().stop(instance);
        } else { // what was said meanwhile acts from here on; adding what acts already changes nothing
            to.store().lessons(instance).forEach(to.recall()::add);
            to.store().opinions(instance).forEach(to.recall()::add);
            to.studies().lessonGiven(instance);
        }
    }

    @Override
    public void deleted(String instance) {
        var judges = values.get();
        if (judges != null) {
            judges.drop(instance);
        }
        var to = readers.get();
        if (to != null) {
            to.studies().stop(instance);
            to.recall().drop(instance);
            to.checkpoints().sweep();
        }
    }

    @Override
    public void live(String instance) {
        var to = readers.get();
        if (to != null) {
            to.recall().use(instance, to.store().live(instance));
            to.studies().turned(instance);
        }
    }
}
