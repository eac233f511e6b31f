package dev.apprentice.client;

import java.time.Duration;

/**
 * How often, and after which waits, a failed call is tried again. What may be repeated at all is not chosen here: an
 * ask only where the server said that it has done nothing, feedback always, because it carries an idempotency key.
 */
public final class RetryPolicy {
    private final int triesMax;
    private final Duration firstDelay;
    private final Duration delayMax;
    private final Duration retryAfterMax;

    private RetryPolicy(Builder builder) {
        triesMax = builder.triesMax;
        firstDelay = builder.firstDelay;
        delayMax = builder.delayMax;
        retryAfterMax = builder.retryAfterMax;
    }

    /**
     * 3 tries; waits of about 0.5 s, then twice as long, 8 s at most; 60 s where the server asks for them.
     *
     * @return the policy of clients that were told nothing
     */
    public static RetryPolicy defaults() {
        return builder().build();
    }

    /**
     * Every call is tried once.
     *
     * @return a policy without repeats
     */
    public static RetryPolicy none() {
        return builder().triesMax(1).build();
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return how many tries a call has, the first one included} */
    public int triesMax() {
        return triesMax;
    }

    /**
     * The wait after {@code tries} failed tries: it doubles with each and is half fixed, half chance, so that clients
     * that failed together do not come back together.
     */
    Duration delay(int tries, double chance) {
        double doubled = firstDelay.toNanos() * Math.pow(2, Math.min(tries - 1, 30));
        double whole = Math.min(doubled, (double) delayMax.toNanos());
        return Duration.ofNanos((long) (whole * (0.5 + chance / 2)));
    }

    Duration retryAfterMax() {
        return retryAfterMax;
    }

    @Override
    public String toString() {
        return "RetryPolicy[triesMax=" + triesMax + ", firstDelay=" + firstDelay + ", delayMax=" + delayMax
                + ", retryAfterMax=" + retryAfterMax + "]";
    }

    /** Puts a policy together. */
    public static final class Builder {
        private int triesMax = 3;
        private Duration firstDelay = Duration.ofMillis(500);
        private Duration delayMax = Duration.ofSeconds(8);
        private Duration retryAfterMax = Duration.ofSeconds(60);

        private Builder() {}

        /**
         * How many tries a call has, the first one included; at least 1.
         *
         * @param triesMax at least 1
         * @return this builder
         */
        public Builder triesMax(int triesMax) {
            if (triesMax < 1) {
                throw new IllegalArgumentException("triesMax must be at least 1, found " + triesMax);
            }
            this.triesMax = triesMax;
            return this;
        }

        /**
         * The wait before the second try.
         *
         * @param firstDelay longer than nothing
         * @return this builder
         */
        public Builder firstDelay(Duration firstDelay) {
            this.firstDelay = ClientBuilder.positive("firstDelay", firstDelay);
            return this;
        }

        /**
         * The longest wait of our own choice.
         *
         * @param delayMax longer than nothing
         * @return this builder
         */
        public Builder delayMax(Duration delayMax) {
            this.delayMax = ClientBuilder.positive("delayMax", delayMax);
            return this;
        }

        /**
         * The longest wait that the server may ask for ({@code Retry-After}); if it asks for more, the call fails.
         *
         * @param retryAfterMax longer than nothing
         * @return this builder
         */
        public Builder retryAfterMax(Duration retryAfterMax) {
            this.retryAfterMax = ClientBuilder.positive("retryAfterMax", retryAfterMax);
            return this;
        }

        /**
         * The policy.
         *
         * @return a policy
         */
        public RetryPolicy build() {
            return new RetryPolicy(this);
        }
    }
}
