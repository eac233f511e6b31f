package dev.apprentice.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the text of one sequence through up to the first stop string. What could still become one is held back; which
 * stop matches depends on the text alone, never on how it was cut into pieces: the one that is complete first and, of
 * several, the one that began first. For one thread at a time.
 */
public final class StopStrings {
    private final List<String> stops;
    private String held = "";
    private @Nullable String match;

    /** Stops at any of {@code stops}, none of which is empty; with none, everything passes. */
    public StopStrings(List<String> stops) {
        if (stops.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("stops: an empty string stops nothing");
        }
        this.stops = List.copyOf(stops);
    }

    /** The part of the text so far that became certain to be shown; nothing more once a stop has matched. */
    public String push(String text) {
        if (match != null) {
            return "";
        }
        var pending = held + text;
        int end = Integer.MAX_VALUE;
        int start = -1;
        String first = null;
        for (var stop : stops) {
            int at = pending.indexOf(stop);
            if (at >= 0 && (at + stop.length() < end || (at + stop.length() == end && at < start))) {
                end = at + stop.length();
                start = at;
                first = stop;
            }
        }
        if (start >= 0) {
            match = first;
            held = "";
            return pending.substring(0, start);
        }
        int keep = pending.length() - undecided(pending);
        held = pending.substring(keep);
        return pending.substring(0, keep);
    }

    /** The length of the longest end of {@code pending} that begins a stop. */
    private int undecided(String pending) {
        int longest = 0;
        for (var stop : stops) {
            for (int length = Math.min(stop.length() - 1, pending.length()); length > longest; length--) {
                if (pending.endsWith(stop.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** Whether a stop string has been seen, so that the sequence is at its end. */
    public boolean matched() {
        return match != null;
    }

    /** Which stop string has been seen, or null. */
    public @Nullable String match() {
        return match;
    }

    /** The end of the sequence: what was held back, since no stop can follow any more. */
    public String flush() {
        var rest = held;
        held = "";
        return rest;
    }
}
