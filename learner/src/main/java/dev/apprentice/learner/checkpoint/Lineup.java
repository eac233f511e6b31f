package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.checkpoint.CheckpointRows.Row;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.promotion.Swap;
import dev.apprentice.learner.promotion.Trial;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who serves and who comes next. The registry's pointer says which checkpoint is to serve and only promotion and
 * rollback move it; where that one is broken its nearest sound ancestor answers in its place, and as long as that lasts
 * the instance is not ready: nobody takes the stand-in for the real thing.
 */
final class Lineup {
    private static final System.Logger LOG = System.getLogger(Lineup.class.getName());

    /** How many checkpoints that passed keep their files, and how many that did not. */
    private static final int KEPT = 20;

    private final CheckpointRows rows;
    private final AdapterFiles files;
    private final Manifest here;
    private final Neighbours neighbours;

    Lineup(CheckpointRows rows, AdapterFiles files, Manifest here, Neighbours neighbours) {
        this.rows = rows;
        this.files = files;
        this.here = here;
        this.neighbours = neighbours;
    }

    Serving serving(Handle db, Instance instance) {
        var number = instance.liveCheckpoint();
        while (number != 0) {
            var slim = rows.slim(db, instance.id(), number);
            if (slim.isEmpty()) {
                break;
            }
            switch (slim.get().state()) {
                case BROKEN, COLLECTED -> {
                    var parent = slim.get().parent();
                    number = parent == null ? 0 : parent;
                }
                case CANDIDATE, REJECTED, READY, SHADOW, CANARY, LIVE, RETIRED -> {
                    return new Serving(
                            number,
                            files.ref(slim.get().folder(), slim.get().adapter()),
                            slim.get().fit());
                }
            }
        }
        return Serving.BASE;
    }

    /** Checkpoint {@code number} on trial; empty where it was withdrawn or found broken just now. */
    Optional<Serving> onTrial(Handle db, Instance instance, int number, CheckpointState state) {
        return rows.slim(db, instance.id(), number)
                .filter(slim -> slim.state() == state)
                .map(slim -> new Serving(number, files.ref(slim.folder(), slim.adapter()), slim.fit()));
    }

    Serving pinned(Handle db, Instance instance, int number) {
        if (number == 0) {
            return Serving.BASE;
        }
        var slim = rows.slim(db, instance.id(), number)
                .orElseThrow(() -> new NotFoundException(
                        "model_not_found",
                        "instance '" + instance.id() + "' has no checkpoint " + number,
                        Fault.of(
                                "model",
                                "an instance's id, perhaps with @ and a checkpoint's number",
                                instance.id() + "@" + number)));
        return switch (slim.state()) {
            case COLLECTED -> throw collected(instance.id(), number);
            case BROKEN -> throw broken(instance.id(), Integer.toString(number), "its files are damaged or gone");
            case CANDIDATE, REJECTED, READY, SHADOW, CANARY, LIVE, RETIRED ->
                new Serving(number, files.ref(slim.folder(), slim.adapter()), slim.fit());
        };
    }

    void checkPromotable(Row row, boolean force) {
        var checkpoint = row.checkpoint();
        var name = name(checkpoint);
        switch (checkpoint.state()) {
            case REJECTED -> {
                if (!force) {
                    throw new ConflictException(
                            "checkpoint_rejected",
                            "checkpoint " + name + " failed its exam: " + checkpoint.reason()
                                    + "; to promote it nevertheless send force true",
                            Fault.of("force", "true", "false"));
                }
            }
            case CANDIDATE -> {
                if (!force) {
                    throw new ConflictException(
                            "checkpoint_not_examined",
                            "checkpoint " + name + " has sat no exam; to promote it nevertheless send force true",
                            Fault.of("force", "true", "false"));
                }
            }
            case COLLECTED -> throw collected(checkpoint.instance(), name);
            case READY, SHADOW, CANARY, LIVE, RETIRED, BROKEN -> {}
        }
    }

    /**
     * Whether the files are whole and belong to this base: reads them all, so not on the writer's thread if avoidable.
     */
    void checkWhole(Row row) {
        fault(row).ifPresent(fault -> {
            throw broken(row.checkpoint().instance(), name(row.checkpoint()), fault);
        });
    }

    /** Makes a numbered checkpoint live; of one that is live already nothing changes. */
    void promote(Handle db, Instance instance, Row row) {
        var number = numbered(row);
        var tried = candidate(db, instance.id()).filter(trial -> trial.checkpoint() == number);
        if (tried.isPresent()) {
            neighbours.trials().end(db, tried.get(), Trial.Outcome.PROMOTED, "somebody promoted it");
        }
        rows.state(db, row.checkpoint().candidate(), CheckpointState.LIVE, null);
        if (number != instance.liveCheckpoint()) {
            retire(db, instance);
            turn(db, instance.id(), "checkpoint " + number + " went live");
            neighbours.swap().swap(db, instance.id(), Swap.Kind.PROMOTE, instance.liveCheckpoint(), number, null);
            neighbours.trials().begin(db, instance.id(), Trial.Kind.WATCH, number, instance.liveCheckpoint());
        }
        neighbours.ledger().carried(db, instance.id(), rows.lineage(db, instance.id(), number), number);
        neighbours.ledger().examined(db, passes(row.checkpoint().exam()));
    }

    /** What the exam says of single lessons: an object of ids with true or false under {@code passes}. */
    private static Map<String, Boolean> passes(@Nullable JsonNode exam) {
        var passes = new HashMap<String, Boolean>();
        if (exam != null) {
            exam.path("passes")
                    .properties()
                    .forEach(item -> passes.put(item.getKey(), item.getValue().asBoolean()));
        }
        return passes;
    }

    /** Ends the trial of a shadow or a canary, if there is one: it does not serve. */
    void endTrial(Handle db, String instance, Trial.Outcome outcome, String says) {
        candidate(db, instance).ifPresent(trial -> {
            neighbours.trials().end(db, trial, outcome, says);
            rows.find(db, instance, trial.checkpoint())
                    .filter(row -> row.state() == CheckpointState.SHADOW || row.state() == CheckpointState.CANARY)
                    .ifPresent(row -> rows.state(db, row.checkpoint().candidate(), CheckpointState.RETIRED, says));
        });
    }

    private Optional<Trial> candidate(Handle db, String instance) {
        return neighbours.trials().running(db, instance).stream()
                .filter(trial -> trial.kind() != Trial.Kind.WATCH)
                .findFirst();
    }

    /** Another checkpoint serves: what was compared with the one before has nothing to be compared with. */
    private void turn(Handle db, String instance, String why) {
        endTrial(db, instance, Trial.Outcome.REPLACED, why);
        neighbours.trials().running(db, instance).stream()
                .filter(trial -> trial.kind() == Trial.Kind.WATCH)
                .forEach(trial -> neighbours.trials().end(db, trial, Trial.Outcome.REPLACED, why));
    }

    /** The bare base serves again. */
    void toBase(Handle db, Instance instance, String why) {
        retire(db, instance);
        turn(db, instance.id(), why);
        neighbours.swap().swap(db, instance.id(), Swap.Kind.ROLLBACK, instance.liveCheckpoint(), 0, why);
        neighbours.ledger().carried(db, instance.id(), Set.of(), 0);
    }

    /**
     * Makes what was live before live again, and returns its number.
     *
     * @param why in words, null where somebody asked for it
     */
    int rollback(Handle db, Instance instance, @Nullable String why) {
        var live = instance.liveCheckpoint();
        var target = before(db, instance.id(), live);
        while (target.isPresent() && target.get() != 0 && !sound(db, instance.id(), target.get())) {
            target = before(db, instance.id(), target.get());
        }
        if (live == 0 || target.isEmpty()) {
            throw new ConflictException(
                    "nothing_to_roll_back",
                    "nothing was live on '" + instance.id() + "' before checkpoint " + live,
                    Fault.of("instance", "one with an earlier live checkpoint", instance.id()));
        }
        var number = target.get();
        retire(db, instance);
        turn(db, instance.id(), "checkpoint " + number + " is live again");
        rows.find(db, instance.id(), number)
                .ifPresent(row -> rows.state(db, row.checkpoint().candidate(), CheckpointState.LIVE, null));
        neighbours.swap().swap(db, instance.id(), Swap.Kind.ROLLBACK, live, number, why);
        neighbours.ledger().carried(db, instance.id(), rows.lineage(db, instance.id(), number), number);
        return number;
    }

    /** Looks at one checkpoint that the engine could not load. */
    void inspect(Handle db, Instance instance, int number) {
        rows.find(db, instance.id(), number)
                .filter(row -> row.state() != CheckpointState.COLLECTED)
                .ifPresent(row -> mark(db, instance, row, fault(row).orElse(null)));
    }

    /** Marks as broken what is live, and what would stand in for it, as far as it cannot be served. */
    void inspect(Handle db, Instance instance) {
        var next = rows.find(db, instance.id(), instance.liveCheckpoint());
        while (next.isPresent()) {
            var row = next.get();
            var fault = fault(row);
            mark(db, instance, row, fault.orElse(null));
            var parent = row.checkpoint().parent();
            next = fault.isEmpty() || parent == null ? Optional.empty() : rows.find(db, instance.id(), parent);
        }
    }

    void collect(Handle db, String instance) {
        var spared = new HashSet<Integer>();
        var live = rows.live(db, instance);
        if (live != 0) {
            spared.add(live);
            neighbours.swap().before(db, instance, live).ifPresent(spared::add);
            rows.slim(db, instance, live).map(CheckpointRows.Slim::parent).ifPresent(spared::add);
        }
        rows.collect(db, instance, KEPT, spared);
    }

    void tellExam(Handle db, String instance, String candidate, @Nullable Integer number, String result) {
        var data = new LinkedHashMap<String, Object>();
        data.put("candidate", candidate);
        if (number != null) {
            data.put("checkpoint", number);
        }
        data.put("result", result);
        neighbours.events().append(db, EventKind.EXAM, instance, data);
    }

    /** The number that {@code which} is, null if it is none. */
    static @Nullable Integer number(String which) {
        return which.matches("0|[1-9][0-9]{0,8}") ? Integer.valueOf(which) : null;
    }

    static GoneException collected(String instance, int number) {
        return collected(instance, Integer.toString(number));
    }

    static ConflictException broken(String instance, String name, String fault) {
        return new ConflictException(
                "checkpoint_broken",
                "checkpoint " + name + " of '" + instance + "' cannot be served: " + fault,
                Fault.of("checkpoint", "a whole checkpoint of this base", name));
    }

    private static GoneException collected(String instance, String name) {
        return new GoneException(
                "checkpoint_collected",
                "the files of checkpoint " + name + " of '" + instance + "' were deleted, as only the newest " + KEPT
                        + " are kept",
                Fault.of("checkpoint", "one that has its files", name));
    }

    private Optional<Integer> before(Handle db, String instance, int live) {
        var before = neighbours.swap().before(db, instance, live);
        return before.isPresent() ? Optional.of(before.getAsInt()) : Optional.empty();
    }

    private boolean sound(Handle db, String instance, int number) {
        return rows.find(db, instance, number)
                .filter(row -> row.state() != CheckpointState.COLLECTED)
                .filter(row -> fault(row).isEmpty())
                .isPresent();
    }

    private void retire(Handle db, Instance instance) {
        rows.find(db, instance.id(), instance.liveCheckpoint())
                .filter(row -> row.state() == CheckpointState.LIVE)
                .ifPresent(row -> rows.state(db, row.checkpoint().candidate(), CheckpointState.RETIRED, null));
    }

    private Optional<String> fault(Row row) {
        var made = row.checkpoint();
        var then = new Manifest(made.baseDigest(), made.tokenizerDigest(), made.templateDigest(), made.trainerDigest());
        if (!here.serves(then)) {
            return Optional.of("it was trained on " + here.differenceTo(then));
        }
        return files.fault(row.folder());
    }

    private void mark(Handle db, Instance instance, Row row, @Nullable String fault) {
        var candidate = row.checkpoint().candidate();
        var number = numbered(row);
        if (fault != null && row.state() != CheckpointState.BROKEN) {
            if (row.state() == CheckpointState.SHADOW || row.state() == CheckpointState.CANARY) {
                endTrial(db, instance.id(), Trial.Outcome.WITHDRAWN, "it cannot be served: " + fault);
            }
            rows.state(db, candidate, CheckpointState.BROKEN, fault);
            var data = new LinkedHashMap<String, Object>();
            data.put("checkpoint", number);
            data.put("reason", fault);
            neighbours.events().append(db, EventKind.BROKEN, instance.id(), data);
            LOG.log(
                    System.Logger.Level.ERROR,
                    "checkpoint=broken instance={0} number={1} reason=\"{2}\"",
                    instance.id(),
                    Integer.toString(number),
                    fault);
        } else if (fault == null && row.state() == CheckpointState.BROKEN) {
            var live = number == instance.liveCheckpoint();
            rows.state(db, candidate, live ? CheckpointState.LIVE : CheckpointState.RETIRED, null);
        }
    }

    private static String name(Checkpoint checkpoint) {
        var number = checkpoint.number();
        return number == null ? checkpoint.candidate() : Integer.toString(number);
    }

    static int numbered(Row row) {
        var number = row.checkpoint().number();
        if (number == null) {
            throw new FailedException("no_number", "only a numbered checkpoint is ever live", Fault.NONE);
        }
        return number;
    }
}
