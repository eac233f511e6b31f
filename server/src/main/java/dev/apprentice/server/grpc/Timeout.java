package dev.apprentice.server.grpc;

import io.grpc.Metadata;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the header {@code grpc-timeout}, which Helidon leaves to the services. */
final class Timeout {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    /** At most eight digits and a unit, as gRPC's protocol has it. */
    private static final Pattern FORM = Pattern.compile("(\\d{1,8})([HMSmun])");

    private Timeout() {}

    /** How long the client waits, if it says so in a form that can be read. */
    static Optional<Duration> in(Metadata headers) {
        var said = headers.get(HEADER);
        var match = FORM.matcher(said == null ? "" : said);
        if (!match.matches()) {
            return Optional.empty();
        }
        var unit = switch (match.group(2)) {
            case "H" -> ChronoUnit.HOURS;
            case "M" -> ChronoUnit.MINUTES;
            case "S" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MILLIS;
            case "u" -> ChronoUnit.MICROS;
            default -> ChronoUnit.NANOS;
        };
        return Optional.of(Duration.of(Long.parseLong(match.group(1)), unit));
    }
}
