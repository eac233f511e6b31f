package dev.apprentice.client;

import dev.apprentice.client.admin.Instance;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.admin.Report;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The deployed apprentices. Needs the scope {@code admin}. */
public final class Instances {
    private final Transport transport;
    private final Caller caller;

    Instances(Transport transport, Caller caller) {
        this.transport = transport;
        this.caller = caller;
    }

    /** Creates one. */
    public Instance create(InstanceDraft draft) {
        return caller.call(Repeat.UNDONE, call -> transport.create(draft, call));
    }

    /** Part of the list; {@code after} is the part before's {@link Page#next()}, or null for the first. */
    public Page<Instance> list(@Nullable String after) {
        return caller.call(Repeat.SAFE, call -> transport.instances(after, call));
    }

    /** The whole list, fetched part by part as it is read. */
    public Stream<Instance> all() {
        return Pages.all(this::list);
    }

    /** One instance. */
    public Instance get(String id) {
        return caller.call(Repeat.SAFE, call -> transport.instance(id, call));
    }

    /** Changes what {@code patch} names. */
    public Instance update(String id, InstancePatch patch) {
        return caller.call(Repeat.SAFE, call -> transport.update(id, patch, call));
    }

    /** Deletes it, with its lessons and checkpoints. */
    public void delete(String id) {
        caller.call(Repeat.UNDONE, call -> {
            transport.delete(id, call);
            return id;
        });
    }

    /** From now on feedback is recorded, but neither recalled nor studied. */
    public Instance freeze(String id) {
        return caller.call(Repeat.SAFE, call -> transport.freeze(id, true, call));
    }

    /** Takes {@link #freeze} back. */
    public Instance unfreeze(String id) {
        return caller.call(Repeat.SAFE, call -> transport.freeze(id, false, call));
    }

    /** Studies now, if there is anything to learn; what becomes of it is told by the events and the report. */
    public void study(String id) {
        caller.call(Repeat.SAFE, call -> {
            transport.study(id, call);
            return id;
        });
    }

    /** How it grows. */
    public Report report(String id) {
        return caller.call(Repeat.SAFE, call -> transport.report(id, call));
    }
}
