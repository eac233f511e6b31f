package dev.apprentice.engine.batch;

/** One running answer, read by one thread. Closing it before its end cancels it and frees its place within one step. */
public interface Generation extends AutoCloseable {

    /**
     * Waits for what happens next; after {@link GenerationEvent.Finished} or {@link GenerationEvent.Failed} it must not
     * be called again.
     */
    GenerationEvent next() throws InterruptedException;

    /** When it went from stage to stage so far; from any thread. */
    Timings timings();

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
