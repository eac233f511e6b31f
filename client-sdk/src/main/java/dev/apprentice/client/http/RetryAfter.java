package dev.apprentice.client.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110 §10.2.3): seconds or an HTTP date. */
final class RetryAfter {
    private static final int DIGITS_MAX = 9; // three decades of seconds; more is no answer

    private RetryAfter() {}

    /** How long to wait, or null where {@code header} says nothing readable. */
    static @Nullable Duration read(String header, InstantSource clock) {
        var text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > DIGITS_MAX ? null : Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            var at = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            var wait = Duration.between(clock.instant(), at);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
