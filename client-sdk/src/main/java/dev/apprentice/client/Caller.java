package dev.apprentice.client;

import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.transport.Call;
import dev.apprentice.client.transport.Deadline;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries calls, with what all of them carry: key, trace context, headers of the application. The deadline holds for all
 * tries and the waits between them together. A wait that would end after it is not begun: the caller gets the error at
 * once and can do something else.
 */
final class Caller {
    private final Duration timeout;
    private final RetryPolicy retries;
    private final @Nullable TokenProvider tokens;
    private final TextMapPropagator propagator;
    private final Map<String, String> headers;
    private final Seams seams;

    Caller(
            Duration timeout,
            RetryPolicy retries,
            @Nullable TokenProvider tokens,
            TextMapPropagator propagator,
            Map<String, String> headers,
            Seams seams) {
        this.timeout = timeout;
        this.retries = retries;
        this.tokens = tokens;
        this.propagator = propagator;
        this.headers = Map.copyOf(headers);
        this.seams = seams;
    }

    /** One try of a call. */
    @FunctionalInterface
    interface Try<T extends @Nullable Object, E extends Exception> {
        T of(Call call) throws E;
    }

    Caller with(Duration newTimeout) {
        return new Caller(newTimeout, retries, tokens, propagator, headers, seams);
    }

    Caller with(RetryPolicy newRetries) {
        return new Caller(timeout, newRetries, tokens, propagator, headers, seams);
    }

    Caller with(TokenProvider newTokens) {
        return new Caller(timeout, retries, newTokens, propagator, headers, seams);
    }

    Caller with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header.toLowerCase(Locale.ROOT), value);
        return new Caller(timeout, retries, tokens, propagator, more, seams);
    }

    Seams seams() {
        return seams;
    }

    /** Tries until it succeeds, or may not or cannot be tried again. */
    <T extends @Nullable Object, E extends Exception> T call(Repeat repeat, Try<T, E> attempt) throws E {
        var deadline = Deadline.in(timeout);
        for (int tries = 1; ; tries++) {
            try {
                return attempt.of(once(deadline));
            } catch (ApprenticeException e) {
                var wait = repeat.allows(e) && tries < retries.triesMax() ? wait(tries, e) : Optional.<Duration>empty();
                if (wait.isEmpty() || wait.get().compareTo(deadline.left()) >= 0) {
                    throw e;
                }
                seams.pause(wait.get());
            }
        }
    }

    /** What one try carries. */
    Call once(Deadline deadline) {
        var all = new HashMap<>(headers);
        propagator.inject(Context.current(), all, (carrier, name, value) -> {
            if (carrier != null) {
                carrier.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        if (tokens != null) {
            all.put("authorization", "Bearer " + checked(tokens.token()));
        }
        return new Call(deadline, all);
    }

    /** The server's wish, if it is bearable, else our own back-off. */
    private Optional<Duration> wait(int tries, ApprenticeException error) {
        var ours = retries.delay(tries, seams.chance());
        var asked = error.retryAfter();
        if (asked.isEmpty()) {
            return Optional.of(ours);
        }
        // never earlier than asked, and not all at the same moment
        return asked.filter(wish -> wish.compareTo(retries.retryAfterMax()) <= 0)
                .map(wish -> wish.plus(ours.dividedBy(10)));
    }

    Duration delay(int tries) {
        return retries.delay(tries, seams.chance());
    }

    /** The message has no part of the key, which HttpClient's own would have. */
    private static String checked(String token) {
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalStateException("the token has a character that no header can carry");
        }
        return token;
    }
}
