package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.learner.store.Page;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.security.Caller;
import org.jspecify.annotations.Nullable;

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

    /** Takes back all that {@code which}, the body of {@code POST /v1/lessons:withdraw}, means. */
    public Withdrawn withdraw(Fields which) {
        var withdrawal = WithdrawalReader.read(which);
        caller.mayUse(withdrawal.instance());
        return Withdrawn.of(ledger.withdraw(withdrawal));
    }

    /** A part of the list of lessons; it may be shorter than it could be, and even empty, with more to come. */
    public Page<Lesson> list(LessonFilter filter, @Nullable String after, int limit) {
        var page = ledger.list(filter, after, limit);
        return new Page<>(
                page.data().stream()
                        .filter(lesson -> caller.sees(lesson.instance()))
                        .toList(),
                page.next());
    }
}
