package dev.apprentice.server.admin;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.BadModelException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.learner.checkpoint.Checkpoint;
import dev.apprentice.learner.checkpoint.Checkpoints;

/** Takes an adapter in, whatever door it came through. */
public final class AdapterUpload {
    private AdapterUpload() {}

    /**
     * A damaged or ill-fitting adapter is the uploader's fault, so what is a fault of ours in a file of ours is
     * unprocessable here.
     */
    public static Checkpoint into(Checkpoints checkpoints, String instance, byte[] zip, String by) {
        try {
            return checkpoints.upload(instance, zip, by);
        } catch (BadModelException e) {
            throw new UnprocessableException(
                    e.code(), String.valueOf(e.getMessage()), new Fault(e.field(), e.expected(), e.found()), e);
        }
    }
}
