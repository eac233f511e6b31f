package dev.apprentice.server.security;

import dev.apprentice.engine.OverloadedException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a key uses against its limits. Requests are counted when they come. Tokens are counted when they have
 * been used, so an answer may overdraw; the next request waits until that is earned back. Safe for use by many threads.
 */
public final class Meter {
    /** Counts nothing: there is no limit. */
    public static final Meter FREE = new Meter(null, null);

    private final @Nullable Allowance requests;
    private final @Nullable Allowance tokens;

    private Meter(@Nullable Allowance requests, @Nullable Allowance tokens) {
        this.requests = requests;
        this.tokens = tokens;
    }

    static Meter of(Limits limits, Clock clock) {
        var requests = limits.requestsPerMinute();
        var tokens = limits.tokensPerMinute();
        return new Meter(
                requests == null ? null : new Allowance("requests", requests, clock),
                tokens == null ? null : new Allowance("tokens", tokens, clock));
    }

    /**
     * Counts a request that begins.
     *
     * @throws OverloadedException if a limit is used up
     */
    public void begin() {
        if (tokens != null && tokens.untilOne().isPositive()) {
            throw exceeded(tokens, tokens.untilOne());
        }
        if (requests != null) {
            var wait = requests.take();
            if (wait.isPositive()) {
                throw exceeded(requests, wait);
            }
        }
    }

    /** Counts {@code count} tokens of prompt and answer, once they have been used. */
    public void charge(long count) {
        if (tokens != null) {
            tokens.charge(count);
        }
    }

    /** What a client is told of its limits: the headers {@code x-ratelimit-…}. */
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        if (requests != null) {
            requests.headers(headers);
        }
        if (tokens != null) {
            tokens.headers(headers);
        }
        return headers;
    }

    private static OverloadedException exceeded(Allowance allowance, java.time.Duration wait) {
        return new OverloadedException(
                "rate_limit_exceeded",
                "this key may use " + allowance.perMinute() + " " + allowance.what()
                        + " a minute and has used them up; try again in "
                        + Allowance.span(wait.plusMillis(1).toMillis()),
                wait);
    }
}
