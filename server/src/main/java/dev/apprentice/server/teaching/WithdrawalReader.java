package dev.apprentice.server.teaching;

import dev.apprentice.learner.lesson.Withdrawal;
import dev.apprentice.server.http.Fields;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of {@code POST /v1/lessons:withdraw}. */
final class WithdrawalReader {
    private static final Set<String> KNOWN = Set.of("instance", "by", "before", "after");

    private WithdrawalReader() {}

    /** A field that nobody knows is refused: misspelt, it would take back more than was meant. */
    static Withdrawal read(Fields body) {
        body.only(KNOWN);
        return new Withdrawal(
                body.requiredString("instance"),
                body.string("by").orElse(null),
                time(body, "after"),
                time(body, "before"));
    }

    private static @Nullable Instant time(Fields body, String field) {
        var text = body.string(field);
        try {
            return text.map(OffsetDateTime::parse)
                    .map(OffsetDateTime::toInstant)
                    .orElse(null);
        } catch (DateTimeParseException e) {
            throw body.wrongValue(
                    field,
                    "a time with its offset, like 2026-03-01T12:00:00Z",
                    body.value(field).orElseThrow());
        }
    }
}
