package dev.apprentice.server.command;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.time.Duration;
import java.util.regex.Pattern;

/** A span of time as a person writes it: {@code 30d}, {@code 12h}, {@code 90m}, {@code 45s}. */
final class Span {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

    private Span() {}

    static Duration read(String text) {
        var found = FORM.matcher(text);
        if (!found.matches() || Integer.parseInt(found.group(1)) == 0) {
            throw wrong("--expires", "a span such as 30d, 12h, 90m or 45s", text);
        }
        var count = Integer.parseInt(found.group(1));
        return switch (found.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }

    static InvalidRequestException wrong(String option, String expected, String found) {
        return new InvalidRequestException(
                "invalid_value",
                option + " must be " + expected + ", found '" + found + "'",
                Fault.of(option, expected, found));
    }
}
