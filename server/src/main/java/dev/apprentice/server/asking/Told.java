package dev.apprentice.server.asking;

import dev.apprentice.learner.Provenance;
import java.time.Instant;

/**
 * One choice of an answer while it is made, read by one thread. Its id is durable already. Closing it before its end
 * gives it up.
 */
public interface Told extends AutoCloseable {
    /** The interaction's id, the same for all choices; feedback names it. */
    String id();

    /** Which choice this is, from 0. */
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
    ToldEvent next() throws InterruptedException;

    /** Whether {@link #next()} would have to wait. */
    boolean idle();

    /**
     * Reads to the end.
     *
     * @throws dev.apprentice.engine.ApprenticeException if the answer failed
     */
    default ToldEvent.Ended await() throws InterruptedException {
        while (true) {
            switch (next()) {
                case ToldEvent.Scored _,
                        ToldEvent.Text _,
                        ToldEvent.CallBegun _,
                        ToldEvent.CallArguments _,
                        ToldEvent.CallEnded _ -> {}
                case ToldEvent.Ended ended -> {
                    return ended;
                }
                case ToldEvent.Failed failed -> throw failed.error();
            }
        }
    }

    /** Gives the answer up if it is still running; never throws. */
    @Override
    void close();
}
