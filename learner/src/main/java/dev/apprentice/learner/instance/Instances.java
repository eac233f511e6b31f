package dev.apprentice.learner.instance;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.learner.store.Columns;
import dev.apprentice.learner.store.Cursor;
import dev.apprentice.learner.store.Page;
import dev.apprentice.learner.store.Store;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The deployed apprentices. Any thread may call; what is returned is durable. */
public final class Instances {
    /** The instance that the first start creates, so that three calls (ask, correct, ask) need no set-up. */
    public static final String FIRST = "apprentice";

    private final InstanceRows rows = new InstanceRows();
    private final Store store;
    private final Clock clock;
    private final BaseIdentity base;
    private final InstanceNames names;
    private final InstanceWatcher watcher;

    /** What was read of those that every question asks for; a fresh one, never the same again, after each change. */
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(Map.of()));

    /** Whether the transaction that is not committed yet changes any; owned by the store's writer. */
    private boolean changed;

    /** Compared by identity: what was read before a change must not come back after it. */
    private static final class Known {
        final Map<String, Instance> byId;

        Known(Map<String, Instance> byId) {
            this.byId = Map.copyOf(byId);
        }

        Known with(Instance instance) {
            var more = new HashMap<>(byId);
            more.put(instance.id(), instance);
            return new Known(more);
        }
    }

    /** The instances of {@code store}, which all run on {@code base}. */
    public Instances(Store store, Clock clock, BaseIdentity base, InstanceWatcher watcher) {
        this.store = store;
        this.clock = clock;
        this.base = base;
        this.names = new InstanceNames(base.name());
        this.watcher = watcher;
        store.onCommit(this::forget);
    }

    /** On the writer's thread, before anyone is told of the commit. */
    private void forget() {
        if (changed) {
            changed = false;
            known.set(new Known(Map.of()));
        }
    }

    /**
     * Makes the instances ready to run on this base: the first start on empty data creates {@link #FIRST}, and
     * instances that were never taught come along from whatever base they were created on.
     *
     * @throws ConflictException code {@code other_base} naming those that were taught on another base
     */
    public void settle() {
        store.write(db -> {
            var elsewhere = rows.taughtElsewhere(db, base);
            if (!elsewhere.isEmpty()) {
                var found = String.join(", ", elsewhere);
                throw new ConflictException(
                        "other_base",
                        "these instances were taught on another base than " + base.name() + ": " + found,
                        Fault.of("model", "the base that the data's instances were taught on", base.name()));
            }
            changed = true;
            rows.moveTo(db, base);
            if (db.execute("insert into facts (name, value) values ('first_instance', ?) on conflict do nothing", FIRST)
                    > 0) {
                insert(db, InstanceDraft.of(FIRST));
            }
            return base;
        });
    }

    /**
     * Creates an instance.
     *
     * @throws dev.apprentice.engine.UnprocessableException code {@code invalid_id} with the rule
     * @throws ConflictException code {@code instance_exists}
     */
    public Instance create(InstanceDraft draft) {
        names.check(draft.id());
        return store.write(db -> insert(db, draft));
    }

    /**
     * One instance.
     *
     * @throws NotFoundException code {@code instance_not_found}
     */
    public Instance get(String id) {
        var before = known.get();
        var kept = before.byId.get(id);
        if (kept != null) {
            return kept;
        }
        var read = store.read(db -> get(db, id));
        known.compareAndSet(before, before.with(read));
        return read;
    }

    /** The same within the transaction of {@code db}. */
    public Instance get(Handle db, String id) {
        return rows.find(db, id).orElseThrow(() -> missing(id));
    }

    /** The same on the store's writer thread, with what the transaction of {@code db} has changed so far. */
    public Instance now(Handle db, String id) {
        var kept = changed ? null : known.get().byId.get(id);
        return kept == null ? get(db, id) : kept;
    }

    /** Part of the list, in the order of creation. */
    public Page<Instance> list(@Nullable String after, int limit) {
        return store.read(db -> rows.list(db, Cursor.at(after, limit)));
    }

    /** Every instance's id, in the order of creation. */
    public List<String> ids() {
        return store.read(this::ids);
    }

    /** The same within the transaction of {@code db}. */
    public List<String> ids(Handle db) {
        return rows.ids(db);
    }

    /** Changes what {@code patch} names. */
    public Instance patch(String id, InstancePatch patch) {
        return change(
                id,
                old -> new Instance(
                        old.id(),
                        patch.description() == null ? old.description() : patch.description(),
                        patch.systemPrompt() == null ? old.systemPrompt() : emptyToNull(patch.systemPrompt()),
                        old.policy().with(patch.policy()),
                        old.frozen(),
                        old.liveCheckpoint(),
                        old.created()));
    }

    /** From here on feedback is recorded, but neither recalled nor studied: the instance stays as it is. */
    public Instance freeze(String id) {
        return frozen(id, true);
    }

    /** Learns again, also from what was said while it was frozen. */
    public Instance unfreeze(String id) {
        return frozen(id, false);
    }

    /** From here on checkpoint {@code number} is live, within the transaction of {@code db}; 0 is the bare base. */
    public void live(Handle db, String id, int number) {
        changed = true;
        rows.live(db, id, number);
    }

    /** Takes the instance away with its lessons, interactions and checkpoints; answers that are being made finish. */
    public void delete(String id) {
        store.submit(
                        db -> {
                            changed = true;
                            if (!rows.delete(db, id)) {
                                throw missing(id);
                            }
                            return id;
                        },
                        watcher::deleted)
                .await();
    }

    private Instance frozen(String id, boolean frozen) {
        return store.submit(
                        db -> {
                            var old = get(db, id);
                            var now = new Instance(
                                    old.id(),
                                    old.description(),
                                    old.systemPrompt(),
                                    old.policy(),
                                    frozen,
                                    old.liveCheckpoint(),
                                    old.created());
                            changed = true;
                            rows.update(db, now);
                            return now;
                        },
                        now -> watcher.frozen(now.id(), frozen))
                .await();
    }

    private Instance change(String id, UnaryOperator<Instance> change) {
        return store.write(db -> {
            var now = change.apply(get(db, id));
            changed = true;
            rows.update(db, now);
            return now;
        });
    }

    private Instance insert(Handle db, InstanceDraft draft) {
        if (rows.find(db, draft.id()).isPresent()) {
            throw new ConflictException(
                    "instance_exists",
                    "there is an instance '" + draft.id() + "' already",
                    Fault.of("id", "a name that is not in use", draft.id()));
        }
        var prompt = draft.systemPrompt() == null ? null : emptyToNull(draft.systemPrompt());
        var created = Columns.stored(clock.instant());
        var instance = new Instance(draft.id(), draft.description(), prompt, draft.policy(), false, 0, created);
        changed = true;
        rows.insert(db, instance, base);
        return instance;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static NotFoundException missing(String id) {
        return new NotFoundException(
                "instance_not_found",
                "there is no instance '" + id + "'",
                Fault.of("instance", "an existing instance's id", id));
    }
}
