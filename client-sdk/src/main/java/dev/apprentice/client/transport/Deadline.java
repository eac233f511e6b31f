package dev.apprentice.client.transport;

import dev.apprentice.client.error.DeadlineException;
import java.time.Duration;

/** The moment at which a call must be over, all its tries and every byte of its body included. */
public final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Duration given;
    private final long atNanos;

    private Deadline(Duration given) {
        this.given = given;
        atNanos = System.nanoTime() + given.toNanos();
    }

    /**
     * {@code duration} from now.
     *
     * @param duration how long
     * @return the deadline
     */
    public static Deadline in(Duration duration) {
        return new Deadline(duration.compareTo(LONGEST) > 0 ? LONGEST : duration);
    }

    /**
     * A year from now, for what has no end.
     *
     * @return the deadline
     */
    public static Deadline none() {
        return new Deadline(LONGEST);
    }

    /** {@return how much time is left, never less than nothing} */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    /** {@return whether no time is left} */
    public boolean passed() {
        return left().isZero();
    }

    /**
     * What to throw when it has passed.
     *
     * @return the exception, to be thrown
     */
    public DeadlineException exception() {
        return new DeadlineException("the call was given " + given.toMillis() + " ms and is not over");
    }

    @Override
    public String toString() {
        return "Deadline[left=" + left() + "]";
    }
}
