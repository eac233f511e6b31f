package dev.apprentice.engine.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a place, fair across instances: those who have some waiting take turns, each with its longest
 * waiting first, so that hundreds of one keep another's only one waiting for a single place. Not thread-safe.
 */
final class FairQueue {
    /** By instance; whose turn is next comes first. */
    private final Map<String, Deque<Sequence>> waiting = new LinkedHashMap<>();

    void add(Sequence sequence) {
        waiting.computeIfAbsent(sequence.tenant(), _ -> new ArrayDeque<>()).add(sequence);
    }

    /** Whose turn it is, or null where nobody waits. */
    @Nullable
    Sequence first() {
        return waiting.isEmpty() ? null : waiting.values().iterator().next().element();
    }

    /** Takes {@link #first()} out; its instance goes behind the others. */
    void removeFirst() {
        var turn = waiting.entrySet().iterator().next();
        waiting.remove(turn.getKey());
        turn.getValue().remove();
        if (!turn.getValue().isEmpty()) {
            waiting.put(turn.getKey(), turn.getValue());
        }
    }

    void removeIf(Predicate<Sequence> gone) {
        waiting.values().removeIf(queue -> {
            queue.removeIf(gone);
            return queue.isEmpty();
        });
    }

    void forEach(Consumer<Sequence> each) {
        waiting.values().forEach(queue -> queue.forEach(each));
    }
}
