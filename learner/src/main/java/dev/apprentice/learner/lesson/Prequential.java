package dev.apprentice.learner.lesson;

import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.store.Columns;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Test, then train: how each corrected answer had done, noted before its correction teaches anything. */
final class Prequential {

    /** Notes a test; a later word on the same answer replaces it, so that one answer counts once. */
    void note(Handle db, Lesson lesson, int checkpoint, Guided guided, boolean passed) {
        db.createUpdate("""
                        insert into prequential (instance, interaction, choice, lesson, checkpoint, guided, passed, created)
                        values (:instance, :interaction, :choice, :lesson, :checkpoint, :guided, :passed, :created)
                        on conflict (interaction, choice) do update set lesson = :lesson, passed = :passed
                        """)
                .bind("instance", lesson.instance())
                .bind("interaction", lesson.interaction())
                .bind("choice", lesson.choice())
                .bind("lesson", lesson.id())
                .bind("checkpoint", checkpoint)
                .bind("guided", guided.name())
                .bind("passed", passed)
                .bind("created", Columns.micros(lesson.created()))
                .execute();
    }

    /** Every test of an instance, oldest first. */
    List<Tested> all(Handle db, String instance) {
        return db.createQuery("select * from prequential where instance = :instance order by seq")
                .bind("instance", instance)
                .map((row, _) -> new Tested(
                        row.getString("lesson"),
                        row.getInt("checkpoint"),
                        Guided.valueOf(row.getString("guided")),
                        row.getBoolean("passed"),
                        Columns.time(row, "created")))
                .list();
    }
}
