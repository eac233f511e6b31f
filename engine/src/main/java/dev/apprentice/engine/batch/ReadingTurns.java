package dev.apprentice.engine.batch;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * In what order prompts get their pieces of a step: the instances whose prompts were read longest ago first, each with
 * its oldest first, so that one's long prompts do not keep another's short one waiting. Not thread-safe.
 */
final class ReadingTurns {
    private final Map<String, Long> readAt = new HashMap<>();

    /** {@code running}, which is oldest first, as their turns are. */
    List<Sequence> order(List<Sequence> running) {
        readAt.keySet().retainAll(running.stream().map(Sequence::tenant).collect(Collectors.toUnmodifiableSet()));
        return running.stream()
                .sorted(Comparator.comparingLong(s -> readAt.getOrDefault(s.tenant(), 0L)))
                .toList();
    }

    /** A piece of {@code sequence}'s prompt is read in {@code step}. */
    void read(Sequence sequence, long step) {
        readAt.put(sequence.tenant(), step);
    }
}
