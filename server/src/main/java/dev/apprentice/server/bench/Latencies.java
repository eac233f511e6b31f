package dev.apprentice.server.bench;

import java.util.Arrays;

/** How long each of many requests took. Used by one thread. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[1024];
    private int count;
    private int late;

    void add(long took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = took;
    }

    /** Of one that was never answered: it took at least so long. */
    void late(long atLeast) {
        add(atLeast);
        late++;
    }

    int count() {
        return count;
    }

    int answered() {
        return count - late;
    }

    /** The time within which this share of the requests, 0 to 1, was answered (nearest rank). */
    double millis(double share) {
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / NANOS_PER_MILLI;
    }
}
