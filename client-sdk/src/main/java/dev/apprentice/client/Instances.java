package dev.apprentice.client;

import dev.apprentice.client.admin.Instance;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.admin.Report;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deployed apprentices. Needs the scope {@code admin}. Methods block, and throw subclasses of
 * {@link dev.apprentice.client.error.ApprenticeException}. Thread-safe.
 */
public final class Instances {
    private final Transport transport;
    private final Caller caller;

    Instances(Transport transport, Caller caller) {
        this.transport = transport;
        this.caller = caller;
    }

    /**
     * Creates one.
     *
     * @param draft what it should be
     * @return the instance, with the defaults filled in
     */
    public Instance create(InstanceDraft draft) {
        return caller.call(Repeat.UNDONE, call -> transport.create(draft, call));
    }

    /**
     * Part of the list; {@code after} is the part before's {@link Page#next()}, or null for the first.
     *
     * @param after where the part begins: {@link dev.apprentice.client.value.Page#next()} of the part before, or null
     *     for the first
     * @return the part, with what to ask for to get the next
     */
    public Page<Instance> list(@Nullable String after) {
        return caller.call(Repeat.SAFE, call -> transport.instances(after, call));
    }

    /**
     * The whole list, fetched part by part as it is read.
     *
     * @return the list, oldest first where the server sorts it so; it fails where fetching a part does
     */
    public Stream<Instance> all() {
        return Pages.all(this::list);
    }

    /**
     * One instance.
     *
     * @param id the instance's id
     * @return the instance as it stands
     */
    public Instance get(String id) {
        return caller.call(Repeat.SAFE, call -> transport.instance(id, call));
    }

    /**
     * Changes what {@code patch} names.
     *
     * @param id the instance's id
     * @param patch what to change
     * @return the instance as it is now
     */
    public Instance update(String id, InstancePatch patch) {
        return caller.call(Repeat.SAFE, call -> transport.update(id, patch, call));
    }

    /**
     * Deletes it, with its lessons and checkpoints.
     *
     * @param id the instance's id
     */
    public void delete(String id) {
        caller.call(Repeat.UNDONE, call -> {
            transport.delete(id, call);
            return id;
        });
    }

    /**
     * From now on feedback is recorded, but neither recalled nor studied.
     *
     * @param id the instance's id
     * @return the instance, frozen
     */
    public Instance freeze(String id) {
        return caller.call(Repeat.SAFE, call -> transport.freeze(id, true, call));
    }

    /**
     * Takes {@link #freeze} back.
     *
     * @param id the instance's id
     * @return the instance, which learns again
     */
    public Instance unfreeze(String id) {
        return caller.call(Repeat.SAFE, call -> transport.freeze(id, false, call));
    }

    /**
     * Studies now, if there is anything to learn; what becomes of it is told by the events and the report.
     *
     * @param id the instance's id
     */
    public void study(String id) {
        caller.call(Repeat.SAFE, call -> {
            transport.study(id, call);
            return id;
        });
    }

    /**
     * How it grows.
     *
     * @param id the instance's id
     * @return the report as of now
     */
    public Report report(String id) {
        return caller.call(Repeat.SAFE, call -> transport.report(id, call));
    }
}
