package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.learner.store.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which feedback was given under which Idempotency-Key: remembered for a day, for each API key apart. */
final class Idempotency {
    private static final Duration MEMORY = Duration.ofHours(24);

    private record Given(String body, String lesson) {}

    /**
     * The lesson that the same words made under the same name.
     *
     * @throws UnprocessableException code {@code idempotency_key_reused} if other words were said under it
     */
    Optional<String> find(Handle db, String scope, String name, String body, Instant now) {
        db.execute("delete from idempotency where created <= ?", Columns.micros(now.minus(MEMORY)));
        var given = db.createQuery("select body, lesson from idempotency where scope = :scope and name = :name")
                .bind("scope", scope)
                .bind("name", name)
                .map((row, _) -> new Given(row.getString("body"), row.getString("lesson")))
                .findOne();
        if (given.isPresent() && !given.get().body().equals(body)) {
            throw new UnprocessableException(
                    "idempotency_key_reused",
                    "the Idempotency-Key was used for other feedback within the last 24 hours",
                    Fault.of("Idempotency-Key", "a fresh key for each piece of feedback", name));
        }
        return given.map(Given::lesson);
    }

    void remember(Handle db, String scope, String name, String body, String lesson, Instant now) {
        db.createUpdate("""
                        insert into idempotency (scope, name, body, lesson, created)
                        values (:scope, :name, :body, :lesson, :now)
                        """)
                .bind("scope", scope)
                .bind("name", name)
                .bind("body", body)
                .bind("lesson", lesson)
                .bind("now", Columns.micros(now))
                .execute();
    }
}
