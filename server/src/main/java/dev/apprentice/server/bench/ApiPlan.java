package dev.apprentice.server.bench;

import java.util.List;

/**
 * How much is measured.
 *
 * @param warmingRequests how many are asked through each door before anything is measured
 * @param rounds each case is measured once in each; medians are told
 * @param connections on how many connections the same is asked at once
 * @param perSecond requests a second, where they come at a fixed rate
 * @param openConnections over how many connections those come
 * @param idleStreams answers that are held open
 * @param teachers how many clients give feedback at once
 */
record ApiPlan(
        int warmingRequests,
        int rounds,
        List<Integer> connections,
        int perSecond,
        int openConnections,
        int idleStreams,
        List<Integer> teachers) {
    /** What the figures in docs/benchmarks.md come from. */
    static final ApiPlan FULL = new ApiPlan(5000, 3, List.of(1, 64, 1000), 2000, 64, 10_000, List.of(1, 64));

    ApiPlan {
        connections = List.copyOf(connections);
        teachers = List.copyOf(teachers);
    }
}
