package dev.apprentice.engine.training;

import dev.apprentice.engine.model.LoraAdapter;
import java.util.List;

/** An adapter while it is trained. Not thread-safe; native memory is given back by {@link #close()}. */
public interface Student extends AutoCloseable {

    /**
     * Adds the gradients of the rows' weighted losses to those not yet used. Many rows are read in one native pass; a
     * pass is cut into short turns, and serving goes first between them.
     *
     * @throws InterruptedException when the learner is stopped while it waits for its turn
     * @throws dev.apprentice.engine.FailedException code {@code not_finite} if the loss is no number
     */
    LossReport forwardBackward(List<TrainingRow> rows) throws InterruptedException;

    /**
     * Uses up the gradients and returns their global norm before clipping.
     *
     * @throws dev.apprentice.engine.FailedException code {@code not_finite} if the norm is no number; nothing is
     *     changed
     */
    double optimStep(OptimStep step) throws InterruptedException;

    /** The row values of {@link LossReport} without gradients and without dropout. */
    List<Double> measure(List<TrainingRow> rows) throws InterruptedException;

    /** A copy of the adapter as it is now. */
    LoraAdapter snapshot() throws InterruptedException;

    @Override
    void close();
}
