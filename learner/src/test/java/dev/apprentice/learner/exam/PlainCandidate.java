package dev.apprentice.learner.exam;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.training.AdapterPlan;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.recall.CheckpointFit;
import dev.apprentice.learner.recall.Gate;
import dev.apprentice.learner.recall.RecallFit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A candidate of which nothing is known but whose it is. */
public final class PlainCandidate {
    private PlainCandidate() {}

    /** The first one of {@code instance}, with an adapter of {@code digest}, an open gate and no lessons. */
    public static Candidate of(Instance instance, String digest) {
        return new Candidate(
                instance,
                new AdapterRef(digest, Path.of("unused")),
                new LoraAdapter(Map.of()),
                new AdapterPlan(16, 32, 0.1, 12, 30),
                new CheckpointFit(Gate.OPEN, RecallFit.NOTHING),
                List.of(),
                List.of(),
                null,
                Opinions.NONE,
                0,
                Turnover.NONE);
    }
}
