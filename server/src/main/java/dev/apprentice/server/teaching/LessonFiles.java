package dev.apprentice.server.teaching;

import dev.apprentice.learner.lesson.Imported;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonFilter;
import dev.apprentice.server.http.Wire;
import dev.apprentice.server.security.Caller;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON lines into the ledger and out of it, for one caller, whichever door he came through. */
public record LessonFiles(Ledger ledger, Caller caller) {
    private static final int PART = 200;

    /** Takes one line of an export, its newline with it. */
    @FunctionalInterface
    public interface Lines {
        void line(byte[] line) throws IOException;
    }

    /**
     * Takes all lines of {@code file}, or none.
     *
     * @param instance which one learns, null where each line says it
     */
    public Imported take(@Nullable String instance, byte[] file) {
        var lessons =
                new LessonFile(instance, caller.name()).read(file, example -> ledger.check(example, caller::sees));
        return ledger.giveAll(lessons);
    }

    /**
     * Looks whether the caller may have what {@code filter} means, before anything is written.
     *
     * @throws dev.apprentice.engine.NotFoundException if it names an instance that does not exist for him
     */
    public void check(LessonFilter filter) {
        if (filter.instance() != null) {
            caller.mayUse(filter.instance());
        }
    }

    /** What holds and says what to answer, oldest first; opinions belong to answers that are not elsewhere. */
    public void hand(LessonFilter filter, Lines out) throws IOException {
        String after = null;
        do {
            var part = new Reach(ledger, caller).list(filter, after, PART);
            for (var lesson : part.data()) {
                if (lesson.kind().teaches() && lesson.state().active()) {
                    out.line(Wire.line(json(lesson)));
                }
            }
            after = part.next();
        } while (after != null);
    }

    private static Object json(Lesson lesson) {
        var line = Wire.object().put("instance", lesson.instance());
        line.set("messages", LessonJson.messages(lesson.messages()));
        if (lesson.own().get("message") == null) {
            line.put("answer", lesson.answer());
        }
        lesson.own().forEach((field, value) -> {
            if (field.equals("message") || field.equals("tools")) { // an answer of calls, and what might be called
                line.set(field, Wire.value(value));
            }
        });
        return line.put("by", lesson.by());
    }
}
