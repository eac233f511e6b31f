package dev.apprentice.server.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * So many of one thing a minute, as a bucket that fills evenly: what was not used for a minute may be used at once.
 * Safe for use by many threads.
 */
final class Allowance {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String what;
    private final int perMinute;
    private final Bucket bucket;

    Allowance(String what, int perMinute, Clock clock) {
        this.what = what;
        this.perMinute = perMinute;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, MINUTE))
                .withCustomTimePrecision(new Time(clock))
                .build();
    }

    String what() {
        return what;
    }

    int perMinute() {
        return perMinute;
    }

    /** Takes one; how long to wait for it if there is none, else zero. */
    Duration take() {
        return Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }

    /** How long to wait until there is one, zero if there is. */
    Duration untilOne() {
        return Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    /** Takes {@code count} whether they are there or not; what is missing must be earned back first. */
    void charge(long count) {
        if (count > 0) {
            bucket.consumeIgnoringRateLimits(count);
        }
    }

    /** The three headers that clients of OpenAI's API know. */
    void headers(Map<String, String> headers) {
        var left = bucket.getAvailableTokens();
        var missingMs = MINUTE.toMillis() * (perMinute - left) / perMinute;
        headers.put("x-ratelimit-limit-" + what, Integer.toString(perMinute));
        headers.put("x-ratelimit-remaining-" + what, Long.toString(Math.max(0, left)));
        headers.put("x-ratelimit-reset-" + what, span(Math.max(0, missingMs)));
    }

    /** A span as OpenAI writes it: {@code 120ms}, {@code 1.5s}, {@code 6m0s}. */
    static String span(long ms) {
        if (ms < 1000) {
            return ms + "ms";
        }
        var seconds = ms / 1000 % 60 + (ms % 1000 == 0 ? "" : "." + "%03d".formatted(ms % 1000)) + "s";
        return ms < 60_000 ? seconds : ms / 60_000 + "m" + seconds;
    }

    private record Time(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return clock.millis() * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
