package dev.apprentice.learner.checkpoint;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.learner.checkpoint.CheckpointRows.Row;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.promotion.Trials;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/**
 * The way of a candidate that passed to the live pointer: through the shadow and the canary where the policy has them.
 * Each step is one transaction with the state of the checkpoint, so that a crash leaves the one or the other.
 */
final class Admission {
    private final CheckpointRows rows;
    private final Lineup lineup;
    private final Trials trials;

    Admission(CheckpointRows rows, Lineup lineup, Trials trials) {
        this.rows = rows;
        this.lineup = lineup;
        this.trials = trials;
    }

    /** The first step that the policy has for {@code row}; nothing while the instance is frozen. */
    void admit(Handle db, Instance instance, Row row) {
        var policy = instance.policy();
        if (instance.frozen()) {
            return; // it stays ready: frozen is frozen, also where the exam was begun before
        }
        if (policy.shadowPercent() > 0) {
            begin(db, instance, row, Trial.Kind.SHADOW);
        } else if (policy.canaryPercent() > 0) {
            begin(db, instance, row, Trial.Kind.CANARY);
        } else {
            lineup.promote(db, instance, row);
        }
    }

    /** Puts {@code row} on trial; whoever was there before makes room. */
    void begin(Handle db, Instance instance, Row row, Trial.Kind kind) {
        int number = Lineup.numbered(row);
        if (number == instance.liveCheckpoint()) {
            throw new ConflictException(
                    "checkpoint_live",
                    "checkpoint " + number + " of '" + instance.id() + "' is live: there is nothing to compare it with",
                    Fault.of("checkpoint", "one that is not live", Integer.toString(number)));
        }
        var policy = instance.policy();
        int percent = kind == Trial.Kind.SHADOW ? policy.shadowPercent() : policy.canaryPercent();
        if (percent == 0) {
            var field = "policy." + kind.name().toLowerCase(Locale.ROOT) + "_percent";
            throw new ConflictException(
                    "no_share",
                    field + " of '" + instance.id() + "' is 0, so no request would ever reach the checkpoint",
                    Fault.of(field, "1 to 100", "0"));
        }
        lineup.endTrial(db, instance.id(), Trial.Outcome.REPLACED, "checkpoint " + number + " is tried instead");
        rows.state(db, row.checkpoint().candidate(), state(kind), null);
        trials.begin(db, instance.id(), kind, number, instance.liveCheckpoint());
    }

    /** Does what follows from a finding, if it still holds within the transaction of {@code db}. */
    void settle(Handle db, Instance instance, Trials.Finding finding) {
        var next = finding.next();
        var trial = finding.trial();
        if (next == null
                || instance.frozen()
                || !trials.running(db, instance.id()).contains(trial)) {
            return;
        }
        switch (next) {
            case PROMOTED -> {
                trials.end(db, trial, next, finding.says());
                rows.find(db, instance.id(), trial.checkpoint()).ifPresent(row -> lineup.promote(db, instance, row));
            }
            case ADVANCED -> {
                trials.end(db, trial, next, finding.says());
                rows.find(db, instance.id(), trial.checkpoint())
                        .ifPresent(row -> begin(db, instance, row, Trial.Kind.CANARY));
            }
            case WITHDRAWN -> lineup.endTrial(db, instance.id(), next, finding.says());
            case KEPT, REPLACED -> trials.end(db, trial, next, finding.says());
            case ROLLED_BACK -> {
                trials.end(db, trial, next, finding.says());
                var _ = lineup.rollback(db, instance, finding.says());
            }
        }
    }

    private static CheckpointState state(Trial.Kind kind) {
        return switch (kind) {
            case SHADOW -> CheckpointState.SHADOW;
            case CANARY -> CheckpointState.CANARY;
            case WATCH -> CheckpointState.LIVE;
        };
    }
}
