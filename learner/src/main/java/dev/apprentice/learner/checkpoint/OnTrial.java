package dev.apprentice.learner.checkpoint;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.promotion.Trials;
import java.util.Optional;

/** Checkpoints that live traffic decides about: whom they answer, and what becomes of them. Any thread may call. */
public final class OnTrial {
    private final Checkpoints checkpoints;
    private final Lineup lineup;
    private final Admission admission;

    OnTrial(Checkpoints checkpoints, Lineup lineup, Admission admission) {
        this.checkpoints = checkpoints;
        this.lineup = lineup;
        this.admission = admission;
    }

    /**
     * Who answers {@code person}: the canary where there is one and chance drew it, else what
     * {@link Checkpoints#serving} says.
     *
     * @param person what stays the same in all requests of one user or one task
     */
    public Drawn drawn(Instance instance, String person) {
        var trial = trials().candidate(instance.id()).orElse(null);
        if (trial == null || instance.frozen()) {
            return Drawn.of(checkpoints.serving(instance));
        }
        boolean tried = trial.kind() == Trial.Kind.CANARY
                && Trials.drawn(trial, person, instance.policy().canaryPercent());
        if (tried) {
            var canary = checkpoints
                    .store()
                    .read(db -> lineup.onTrial(db, instance, trial.checkpoint(), CheckpointState.CANARY));
            if (canary.isPresent()) {
                return new Drawn(canary.get(), trial, true);
            }
        }
        return new Drawn(checkpoints.serving(instance), trial, false);
    }

    /** Who is on trial. */
    public Trials trials() {
        return checkpoints.trials();
    }

    /** Does what follows from what was said of the checkpoints on trial: promotes, withdraws, rolls back. */
    public void weigh(String instance) {
        var findings = trials().weigh(checkpoints.instances().get(instance));
        if (findings.stream().allMatch(finding -> finding.next() == null)) {
            return;
        }
        checkpoints
                .store()
                .submit(
                        db -> {
                            for (var trial : trials().running(db, instance)) { // once more: it may have changed
                                var now = checkpoints.instances().get(db, instance);
                                admission.settle(db, now, trials().weigh(db, trial, now));
                            }
                            lineup.collect(db, instance);
                            return instance;
                        },
                        checkpoints::changed)
                .await();
    }

    /**
     * Takes a shadow or a canary out of its trial.
     *
     * @throws ConflictException code {@code checkpoint_not_on_trial}
     */
    public Checkpoint withdraw(String instance, String which) {
        return checkpoints
                .store()
                .submit(
                        db -> {
                            var asked = checkpoints.row(db, instance, which);
                            if (asked.state() != CheckpointState.SHADOW && asked.state() != CheckpointState.CANARY) {
                                throw new ConflictException(
                                        "checkpoint_not_on_trial",
                                        "checkpoint " + which + " of '" + instance + "' is neither shadow nor canary",
                                        Fault.of("checkpoint", "a shadow or a canary", which));
                            }
                            lineup.endTrial(db, instance, Trial.Outcome.WITHDRAWN, "somebody withdrew it");
                            return checkpoints.row(db, instance, which).checkpoint();
                        },
                        _ -> checkpoints.changed(instance))
                .await();
    }

    /** The weights of a shadow, to answer by it unseen; empty where it was withdrawn or found broken just now. */
    public Optional<Serving> shadow(Instance instance, Trial trial) {
        return checkpoints.store().read(db -> lineup.onTrial(db, instance, trial.checkpoint(), CheckpointState.SHADOW));
    }
}
