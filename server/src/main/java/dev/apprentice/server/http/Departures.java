package dev.apprentice.server.http;

/** Where it is heard of that one client leaves: with its connection, or with its stream of a shared one. */
public interface Departures {
    /** Interrupts {@code watch} when the client goes away, at once if it has gone already. */
    void whenGone(Watch watch);

    /** {@code watch} need not be told any more. */
    void nobodyListens(Watch watch);
}
