package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.server.security.Caller;

/**
 * What a caller can reach of the lessons: those of the instances that exist for him. What he cannot reach is refused in
 * the very words for what is not there.
 */
public record Reach(Ledger ledger, Caller caller) {
    /** The lesson {@code id}. */
    public Lesson lesson(String id) {
        var lesson = ledger.get(id);
        if (!caller.sees(lesson.instance())) {
            throw new NotFoundException(
                    "lesson_not_found",
                    "there is no lesson '" + id + "'",
                    Fault.of("lesson", "an existing lesson's id", id));
        }
        return lesson;
    }
}
