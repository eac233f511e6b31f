package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.model.ModelConfig;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.learner.checkpoint.CheckpointRows.Row;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.promotion.Trial;
import dev.apprentice.learner.promotion.Trials;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The versions of all instances. Any thread may call; what is returned is durable. */
public final class Checkpoints {
    private final CheckpointRows rows = new CheckpointRows();
    private final Store store;
    private final Instances instances;
    private final AdapterFiles files;
    private final Lineup lineup;
    private final Admission admission;
    private final OnTrial onTrial;
    private final Trials trials;
    private final LiveWatcher watcher;
    private final Manifest here;
    private final ModelConfig base;
    private final String baseName;
    private final Seams seams;

    /** The checkpoints of {@code store} on the base that {@code here} describes. */
    public Checkpoints(
            Store store, Neighbours neighbours, Manifest here, ModelConfig base, String baseName, Seams seams) {
        this.store = store;
        this.instances = neighbours.instances();
        this.files = new AdapterFiles(store.folder().resolve("adapters"), baseName);
        this.lineup = new Lineup(rows, files, here, neighbours);
        this.trials = neighbours.trials();
        this.admission = new Admission(rows, lineup, trials);
        this.watcher = neighbours.watcher();
        this.here = here;
        this.base = base;
        this.baseName = baseName;
        this.seams = seams;
        this.onTrial = new OnTrial(this, lineup, admission);
    }

    /** All of them, candidates that failed too, oldest first. */
    public List<Checkpoint> list(String instance) {
        return store.read(db -> rows.list(db, instances.get(db, instance).id()));
    }

    /**
     * One by its number.
     *
     * @throws NotFoundException code {@code checkpoint_not_found}
     */
    public Checkpoint get(String instance, int number) {
        return get(instance, Integer.toString(number));
    }

    /** One by its number or its {@code cand_…}. */
    public Checkpoint get(String instance, String which) {
        return store.read(db -> row(db, instance, which).checkpoint());
    }

    /**
     * Which checkpoint answers for {@code instance}: the live one, or its nearest sound ancestor where that is broken.
     */
    public Serving serving(Instance instance) {
        return instance.liveCheckpoint() == 0 ? Serving.BASE : store.read(db -> lineup.serving(db, instance));
    }

    /** Who is on trial, and how that goes. */
    public OnTrial onTrial() {
        return onTrial;
    }

    /**
     * The bare base serves again: of what the live checkpoint was trained on nothing holds.
     *
     * @param why in words
     */
    public void toBase(String instance, String why) {
        store.submit(
                        db -> {
                            var now = instances.get(db, instance);
                            if (now.liveCheckpoint() != 0) {
                                lineup.toBase(db, now, why);
                            }
                            return instance;
                        },
                        this::changed)
                .await();
    }

    /**
     * The checkpoint {@code number} of {@code instance}, to answer by it whatever is live; 0 is the bare base.
     *
     * @throws NotFoundException code {@code model_not_found}
     * @throws GoneException code {@code checkpoint_collected}
     * @throws ConflictException code {@code checkpoint_broken}
     */
    public Serving pinned(Instance instance, int number) {
        return store.read(db -> lineup.pinned(db, instance, number));
    }

    /** Ids of the lessons that a checkpoint and those it grew from were trained on. */
    public Set<String> lineage(String instance, int number) {
        return store.read(db -> rows.lineage(db, instance, number));
    }

    /** What is remembered of the studies of an instance. */
    public Past past(String instance) {
        return store.read(
                db -> rows.past(db, instance, instances.get(db, instance).liveCheckpoint()));
    }

    /** The weights of one by its number or its {@code cand_…}, as the engine loads them. */
    public AdapterRef adapter(String instance, String which) {
        var row = store.read(db -> row(db, instance, which));
        return files.ref(row.folder(), row.checkpoint().adapterDigest());
    }

    /** Registers what a study made, to be examined. */
    public Checkpoint candidate(Draft draft) {
        return register(draft, false);
    }

    /**
     * A candidate failed its exam: it is kept with the report and does not serve.
     *
     * @param reason in words
     */
    public Checkpoint reject(String instance, String candidate, JsonNode exam, String reason) {
        return store.submit(
                        db -> {
                            var row = row(db, instance, candidate);
                            rows.examined(db, candidate, exam, row.checkpoint().fit());
                            rows.state(db, candidate, CheckpointState.REJECTED, reason);
                            lineup.tellExam(db, instance, candidate, null, reason);
                            lineup.collect(db, instance);
                            return row(db, instance, candidate).checkpoint();
                        },
                        _ -> sweep())
                .await();
    }

    /**
     * A candidate passed its exam: it gets its number and, if {@code promote}, goes live, or first on the trials that
     * the policy has.
     *
     * @param fit what is pinned with it beside the adapter, or null
     */
    public Checkpoint pass(String instance, String candidate, JsonNode exam, @Nullable JsonNode fit, boolean promote) {
        return store.submit(
                        db -> {
                            rows.examined(db, candidate, exam, fit);
                            var number = rows.nextNumber(db, instance);
                            rows.number(db, candidate, number);
                            rows.state(db, candidate, CheckpointState.READY, null);
                            lineup.tellExam(db, instance, candidate, number, "passed");
                            if (promote) {
                                admission.admit(db, instances.get(db, instance), row(db, instance, candidate));
                            }
                            lineup.collect(db, instance);
                            return row(db, instance, candidate).checkpoint();
                        },
                        _ -> changed(instance))
                .await();
    }

    /**
     * Makes a checkpoint live.
     *
     * @param which its number or its {@code cand_…}
     * @param force whether one that failed its exam, or sat none, may go live; it gets a number then
     * @throws ConflictException code {@code checkpoint_rejected}, {@code checkpoint_not_examined} or
     *     {@code checkpoint_broken}
     * @throws GoneException code {@code checkpoint_collected}
     */
    public Checkpoint promote(String instance, String which, boolean force) {
        return promote(instance, which, force, null);
    }

    /**
     * The same, or puts it on trial first.
     *
     * @param trial how it is tried, null to make it live
     */
    public Checkpoint promote(String instance, String which, boolean force, Trial.@Nullable Kind trial) {
        var looked = store.read(db -> row(db, instance, which));
        lineup.checkPromotable(looked, force);
        lineup.checkWhole(looked);
        return store.submit(
                        db -> {
                            var asked = row(db, instance, which);
                            lineup.checkPromotable(asked, force);
                            var candidate = asked.checkpoint().candidate();
                            if (asked.checkpoint().number() == null) {
                                rows.number(db, candidate, rows.nextNumber(db, instance));
                            }
                            var made = row(db, instance, candidate);
                            if (trial == null) {
                                lineup.promote(db, instances.get(db, instance), made);
                            } else {
                                admission.begin(db, instances.get(db, instance), made, trial);
                            }
                            lineup.collect(db, instance);
                            return row(db, instance, candidate).checkpoint();
                        },
                        _ -> changed(instance))
                .await();
    }

    /**
     * Makes what was live before live again.
     *
     * @return what is live now, null for the bare base
     * @throws ConflictException code {@code nothing_to_roll_back}
     */
    public @Nullable Checkpoint rollback(String instance) {
        var live = store.submit(
                        db -> {
                            var now = lineup.rollback(db, instances.get(db, instance), null);
                            return rows.find(db, instance, now).map(Row::checkpoint);
                        },
                        _ -> changed(instance))
                .await();
        return live.orElse(null);
    }

    /**
     * Registers an adapter that was made elsewhere: it gets a number and can be promoted.
     *
     * @param zip a PEFT folder
     * @param by who uploads it
     * @throws dev.apprentice.engine.UnprocessableException naming the tensors that do not fit the base
     */
    public Checkpoint upload(String instance, byte[] zip, String by) {
        instances.get(instance);
        var adapter = PeftFolder.readZip(zip, base);
        var plan = Columns.tree(Map.of("origin", "upload", "by", by));
        return register(new Draft(instance, null, adapter, List.of(), plan, "upload"), true);
    }

    /** A PEFT folder as a zip. */
    public byte[] download(String instance, int number) {
        var row = store.read(db -> row(db, instance, Integer.toString(number)));
        if (row.state() == CheckpointState.COLLECTED) {
            throw Lineup.collected(instance, number);
        }
        files.fault(row.folder()).ifPresent(fault -> {
            throw Lineup.broken(instance, Integer.toString(number), fault);
        });
        var ref = files.ref(row.folder(), row.checkpoint().adapterDigest());
        return PeftFolder.zip(PeftFolder.read(ref.folder(), base), baseName);
    }

    /**
     * Looks around, as at a start: what is live and cannot be served is marked broken, and sound again what was mended;
     * candidates whose exam was cut short are rejected.
     */
    public void inspect() {
        store.submit(
                        db -> {
                            rows.giveUpCandidates(db);
                            instances.ids(db).forEach(id -> lineup.inspect(db, instances.get(db, id)));
                            return db;
                        },
                        _ -> {
                            trials.refresh();
                            sweep();
                        })
                .await();
    }

    /** The engine could not load checkpoint {@code number}: looks at it, and at what is live, again. */
    public void suspect(String instance, int number) {
        store.submit(
                        db -> {
                            var suspected = instances.get(db, instance);
                            lineup.inspect(db, suspected, number);
                            lineup.inspect(db, suspected);
                            return instance;
                        },
                        id -> {
                            trials.refresh();
                            watcher.live(id);
                        })
                .await();
    }

    /** What keeps live checkpoints from being served, by instance; empty if nothing does. */
    public Map<String, String> brokenLive() {
        return store.read(rows::brokenLive);
    }

    /** Deletes the files that no checkpoint names any more; on the store's writer thread only. */
    public void sweep() {
        files.sweep(store.read(rows::folders));
    }

    Store store() {
        return store;
    }

    Instances instances() {
        return instances;
    }

    Trials trials() {
        return trials;
    }

    void changed(String instance) {
        trials.refresh();
        sweep();
        watcher.live(instance);
    }

    private Checkpoint register(Draft draft, boolean numbered) {
        var candidate = "cand_" + seams.ids().get();
        var staged = files.stage(draft.adapter(), candidate);
        var done = false;
        try {
            var made = store.submit(
                            db -> {
                                instances.get(db, draft.instance());
                                files.install(staged);
                                var checkpoint = made(
                                        draft,
                                        candidate,
                                        staged.digest(),
                                        numbered ? rows.nextNumber(db, draft.instance()) : null);
                                rows.insert(db, checkpoint, staged.name());
                                lineup.collect(db, draft.instance());
                                return checkpoint;
                            },
                            _ -> sweep())
                    .await();
            done = true;
            return made;
        } finally {
            if (!done) {
                files.discard(staged);
            }
        }
    }

    private Checkpoint made(Draft draft, String candidate, String digest, @Nullable Integer number) {
        return new Checkpoint(
                draft.instance(),
                number,
                candidate,
                draft.origin(),
                number == null ? CheckpointState.CANDIDATE : CheckpointState.READY,
                null,
                draft.parent(),
                draft.lessons(),
                draft.plan(),
                null,
                null,
                digest,
                here.base(),
                here.tokenizer(),
                here.template(),
                here.trainer(),
                Columns.stored(seams.clock().instant()));
    }

    Row row(Handle db, String instance, String which) {
        instances.get(db, instance);
        var number = Lineup.number(which);
        var row = number == null ? rows.find(db, instance, which) : rows.find(db, instance, number);
        return row.orElseThrow(() -> new NotFoundException(
                "checkpoint_not_found",
                "instance '" + instance + "' has no checkpoint '" + which + "'",
                Fault.of("checkpoint", "a number or a cand_… of this instance", which)));
    }
}
