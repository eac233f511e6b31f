package dev.apprentice.learner.exam;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.LiveAdapter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is examined.
 *
 * @param instance whose it is
 * @param adapter as it would serve
 * @param weights the same
 * @param shape of the weights
 * @param fit what would be pinned with it
 * @param fresh lessons that it is to have learnt
 * @param old lessons that it must not have lost
 * @param live what serves now, null for the bare base
 * @param opinions what it was to learn from judged answers
 * @param look how many candidates on these lessons were examined before
 * @param turnover which lessons the instance tends to lose
 */
public record Candidate(
        Instance instance,
        AdapterRef adapter,
        LoraAdapter weights,
        AdapterPlan shape,
        CheckpointFit fit,
        List<Lesson> fresh,
        List<Lesson> old,
        @Nullable LiveAdapter live,
        Opinions opinions,
        int look,
        Turnover turnover) {
    public Candidate {
        fresh = List.copyOf(fresh);
        old = List.copyOf(old);
    }
}
