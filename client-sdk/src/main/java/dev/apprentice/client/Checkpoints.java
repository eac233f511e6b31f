package dev.apprentice.client;

import dev.apprentice.client.admin.Checkpoint;
import dev.apprentice.client.admin.CheckpointState;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one instance's adapter. Needs the scope {@code admin}. Methods block, and throw subclasses of
 * {@link dev.apprentice.client.error.ApprenticeException}. Thread-safe.
 */
public final class Checkpoints {
    private final Transport transport;
    private final Caller caller;
    private final String instance;

    Checkpoints(Transport transport, Caller caller, String instance) {
        this.transport = transport;
        this.caller = caller;
        this.instance = instance;
    }

    /**
     * Part of the list; {@code after} is the part before's {@link Page#next()}, or null for the first.
     *
     * @param after where the part begins: {@link dev.apprentice.client.value.Page#next()} of the part before, or null
     *     for the first
     * @return the part, with what to ask for to get the next
     */
    public Page<Checkpoint> list(@Nullable String after) {
        return caller.call(Repeat.SAFE, call -> transport.checkpoints(instance, after, call));
    }

    /**
     * The whole list, fetched part by part as it is read.
     *
     * @return the list, oldest first where the server sorts it so; it fails where fetching a part does
     */
    public Stream<Checkpoint> all() {
        return Pages.all(this::list);
    }

    /**
     * One checkpoint.
     *
     * @param number the checkpoint's number, 1 or more
     * @return the checkpoint as it stands
     */
    public Checkpoint get(int number) {
        return caller.call(Repeat.SAFE, call -> transport.checkpoint(instance, number, call));
    }

    /**
     * Makes it live. Answers that are being made keep the checkpoint that they began with.
     *
     * @param number the checkpoint's number, 1 or more
     * @return the checkpoint, live now
     */
    public Checkpoint promote(int number) {
        return promote(number, CheckpointState.LIVE);
    }

    /**
     * Makes it live, or lets live traffic decide first: {@link CheckpointState#CANARY} answers the policy's share of
     * the requests, {@link CheckpointState#SHADOW} answers unseen.
     *
     * @param number the checkpoint's number, 1 or more
     * @param as live, canary or shadow
     * @return the checkpoint as it stands now
     */
    public Checkpoint promote(int number, CheckpointState as) {
        return caller.call(
                Repeat.UNDONE, call -> transport.promote(instance, Integer.toString(number), false, as, call));
    }

    /**
     * Takes a shadow or a canary out of its trial: what is live answers all requests again.
     *
     * @param number the checkpoint's number, 1 or more
     * @return the checkpoint, retired
     */
    public Checkpoint withdraw(int number) {
        return caller.call(Repeat.UNDONE, call -> transport.withdraw(instance, number, call));
    }

    /**
     * Makes a candidate live, although it did not pass its exam.
     *
     * @param candidate its name, {@code cand_…}
     * @return the checkpoint, live now
     */
    public Checkpoint force(String candidate) {
        return caller.call(
                Repeat.UNDONE, call -> transport.promote(instance, candidate, true, CheckpointState.LIVE, call));
    }

    /**
     * Makes the live checkpoint's parent live, which is number 0, the bare base, at last.
     *
     * @return the checkpoint that is live now
     */
    public Checkpoint rollback() {
        return caller.call(Repeat.UNDONE, call -> transport.rollback(instance, call));
    }

    /**
     * Adds a PEFT folder, packed as zip. It is not live yet.
     *
     * @param zip a PEFT folder as zip: {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @return the checkpoint, with its number
     * @throws IOException if the content cannot be read
     */
    public Checkpoint upload(Content zip) throws IOException {
        return caller.call(Repeat.UNDONE, call -> transport.upload(instance, zip, call));
    }

    /**
     * Writes a checkpoint as a PEFT folder, packed as zip, into {@code file}, which appears when all of it is there.
     *
     * @param number the checkpoint's number, 1 or more
     * @param file where to write; what stood there is replaced
     * @throws IOException if the file cannot be written
     */
    public void download(int number, Path file) throws IOException {
        WholeFile.write(file, out -> download(number, out));
    }

    /**
     * Writes a checkpoint as a PEFT folder, packed as zip, to {@code out}, which stays open.
     *
     * @param number the checkpoint's number, 1 or more
     * @param out where to write; it stays open
     * @throws IOException if {@code out} does
     */
    public void download(int number, OutputStream out) throws IOException {
        caller.call(Repeat.UNDONE, call -> {
            transport.download(instance, number, out, call);
            return instance;
        });
    }
}
