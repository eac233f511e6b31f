package dev.apprentice.learner;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.GenerationEvent;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * One answer while it is made, read by one thread. Its id and its question are durable already. What was answered is
 * recorded when the end has been read; closing it before that gives it up.
 */
public interface Answer extends AutoCloseable {
    /** The interaction's id, which feedback names. */
    String id();

    /** Which of the interaction's choices this is, 0 for the first. */
    int choice();

    /** When the question was taken. */
    Instant created();

    /** The model as it was asked for. */
    String model();

    /** How many tokens the prompt has. */
    int promptTokens();

    /** Where the answer comes from. */
    Provenance provenance();

    /** Waits for what happens next; not to be called again after the end. */
    GenerationEvent next() throws InterruptedException;

    /**
     * What it went through so far; what is not over ends now. Recall and the record of the question are the first
     * choice's.
     */
    List<Stage> stages();

    /**
     * Tells {@code listener} when the answer is durable, on the store's thread; to be called before its end is read.
     */
    void whenRecorded(Consumer<Stage> listener);

    /** Whether nothing has happened yet that {@link #next()} would return at once. */
    boolean idle();

    /**
     * Reads to the end.
     *
     * @throws dev.apprentice.engine.ApprenticeException if the answer failed
     */
    default Completion await() throws InterruptedException {
        while (true) {
            switch (next()) {
                case GenerationEvent.Scored _, GenerationEvent.Delta _ -> {}
                case GenerationEvent.Finished finished -> {
                    return finished.completion();
                }
                case GenerationEvent.Failed failed -> throw failed.error();
            }
        }
    }

    /** Gives the answer up if it is still running; never throws. */
    @Override
    void close();
}
