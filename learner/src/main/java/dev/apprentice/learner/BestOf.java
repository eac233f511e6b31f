package dev.apprentice.learner;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.batch.Timings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Several answers to one question, made side by side, of which the best one is told from its beginning when all are
 * whole. One that fails is passed over while another is whole. Read by one thread.
 */
final class BestOf implements Generation {
    private final List<Generation> candidates;
    private final ToDoubleFunction<Completion> preference;
    private final Queue<GenerationEvent> events = new ArrayDeque<>();
    private volatile @Nullable Generation chosen;

    /** The best of {@code candidates}, at least one, by {@code preference}; the earliest of equals. */
    BestOf(List<Generation> candidates, ToDoubleFunction<Completion> preference) {
        this.candidates = List.copyOf(candidates);
        this.preference = preference;
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        if (chosen == null) {
            choose();
        }
        return events.remove();
    }

    private void choose() throws InterruptedException {
        List<GenerationEvent> best = List.of();
        var worth = Double.NEGATIVE_INFINITY;
        for (var candidate : candidates) {
            var told = told(candidate);
            var its = told.getLast() instanceof GenerationEvent.Finished(var whole)
                    ? preference.applyAsDouble(whole)
                    : Double.NEGATIVE_INFINITY;
            boolean better = best.isEmpty()
                    || its > worth
                    || (best.getLast() instanceof GenerationEvent.Failed
                            && told.getLast() instanceof GenerationEvent.Finished);
            if (better) {
                best = told;
                worth = its;
                chosen = candidate;
            }
        }
        events.addAll(best);
    }

    private static List<GenerationEvent> told(Generation candidate) throws InterruptedException {
        var told = new ArrayList<GenerationEvent>();
        do {
            told.add(candidate.next());
        } while (!(told.getLast() instanceof GenerationEvent.Finished
                || told.getLast() instanceof GenerationEvent.Failed));
        return told;
    }

    @Override
    public Timings timings() {
        var one = chosen;
        return (one == null ? candidates.getFirst() : one).timings();
    }

    @Override
    public boolean idle() {
        return events.isEmpty() && candidates.stream().anyMatch(Generation::idle);
    }

    @Override
    public void close() {
        candidates.forEach(Generation::close);
    }
}
