package dev.apprentice.learner.store;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.UnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that changes the database.
 *
 * <p>Group commit: whatever waits when the writer comes round is done in one transaction with one fsync, each piece
 * within its own savepoint, so that a piece that is refused takes nothing back but itself. Two hundred questions asked
 * at once cost a few fsyncs, and a single one waits for no timer; what nobody waits for goes with the next that
 * somebody does ({@link Intake}). As all changes pass here one after another, a piece of work may read, decide and
 * write without any lock.
 */
final class Writer {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    private final Intake<Piece<?>> intake = new Intake<>();
    private final Jdbi jdbi;
    private final Runnable committed;
    private final Thread thread;
    private volatile boolean failing;

    Writer(Jdbi jdbi, Runnable committed) {
        this.jdbi = jdbi;
        this.committed = committed;
        this.thread = Thread.ofPlatform().name("apprentice-store").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Hands {@code work} in.
     *
     * @param awaited whether somebody waits for it
     */
    <T extends @Nullable Object> Pending<T> submit(Work<T> work, Consumer<? super T> then, boolean awaited) {
        assert Thread.currentThread() != thread : "the writer must not wait for itself";
        var piece = new Piece<T>(work, then);
        try {
            if (!intake.put(piece, awaited)) {
                throw new UnavailableException("closing", "the store is being closed", Fault.NONE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Pending.interrupted(e);
        }
        return piece.pending;
    }

    /** Whether the last transaction could not be committed. */
    boolean failing() {
        return failing;
    }

    /** Does what was handed in, then ends. */
    void close() {
        intake.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var batch = new ArrayList<Piece<?>>();
        var connection = new Own(jdbi);
        while (true) {
            try {
                if (!intake.take(batch)) {
                    break;
                }
            } catch (InterruptedException _) {
                continue; // nobody but close() ends this thread
            }
            settle(batch, connection);
            batch.clear();
        }
        connection.close();
    }

    private void settle(List<Piece<?>> batch, Own connection) {
        try {
            var open = connection.open();
            for (var piece : batch) {
                piece.run(open);
            }
            open.commit();
        } catch (SQLException
                | RuntimeException
                | Error e) { // not one piece but the transaction failed: nothing of it is in the database
            failing = true;
            connection.close();
            var failure = broken(e);
            batch.forEach(piece -> piece.pending.fail(failure));
            return;
        }
        failing = false;
        committed.run();
        batch.forEach(Piece::settle);
    }

    private static FailedException broken(Throwable cause) {
        LOG.log(System.Logger.Level.ERROR, "store=failed", cause); // not everyone waits to hear of it
        return new FailedException("store_failed", "the store failed: " + cause.getMessage(), Fault.NONE, cause);
    }

    /** The writer's own connection, kept with what was prepared on it until a transaction fails. */
    private static final class Own {
        private final Jdbi jdbi;
        private @Nullable OpenConnection open;

        Own(Jdbi jdbi) {
            this.jdbi = jdbi;
        }

        OpenConnection open() throws SQLException {
            var known = open;
            if (known == null) {
                known = OpenConnection.of(jdbi);
                open = known;
            }
            return known;
        }

        void close() {
            var known = open;
            open = null;
            if (known != null) {
                try {
                    known.close();
                } catch (SQLException | RuntimeException e) { // what failed before matters; the next is a fresh one
                    LOG.log(System.Logger.Level.WARNING, "store=connection_not_closed", e);
                }
            }
        }
    }

    /** One piece of work with the one who waits for it. */
    private static final class Piece<T extends @Nullable Object> {
        private final Work<T> work;
        private final Consumer<? super T> then;
        private final Pending<T> pending = new Pending<>();
        private Runnable outcome = () -> {};

        Piece(Work<T> work, Consumer<? super T> then) {
            this.work = work;
            this.then = then;
        }

        void run(OpenConnection connection) throws SQLException {
            connection.begin();
            try {
                var result = work.on(connection.handle());
                outcome = () -> {
                    then.accept(result);
                    pending.succeed(result);
                };
            } catch (RuntimeException | AssertionError e) { // it takes nothing back but itself
                connection.takeBack();
                outcome = () -> pending.fail(e instanceof ApprenticeException refused ? refused : broken(e));
            }
        }

        void settle() {
            try {
                outcome.run();
            } catch (RuntimeException | AssertionError e) { // durable, but what follows failed: whoever waits must know
                pending.fail(e instanceof ApprenticeException refused ? refused : broken(e));
            }
        }
    }
}
