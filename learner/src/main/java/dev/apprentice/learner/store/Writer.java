package dev.apprentice.learner.store;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that changes the database.
 *
 * <p>Group commit: whatever waits when the writer comes round is done in one transaction with one fsync, each piece
 * within its own savepoint, so that a piece that is refused takes nothing back but itself. Two hundred questions asked
 * at once cost a few fsyncs, and a single one waits for no timer. As all changes pass here one after another, a piece
 * of work may read, decide and write without any lock.
 */
final class Writer {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    /** How many pieces share a transaction, at most: bounds how long the first of them waits for the last. */
    private static final int BATCH_MAX = 256;

    /** How many pieces may wait: above it, whoever hands one in waits too. */
    private static final int QUEUE_MAX = 10_000;

    private static final String SAVEPOINT = "piece";

    private final LinkedBlockingQueue<Piece<?>> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
    private final Jdbi jdbi;
    private final Runnable committed;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean failing;

    Writer(Jdbi jdbi, Runnable committed) {
        this.jdbi = jdbi;
        this.committed = committed;
        this.thread = Thread.ofPlatform().name("apprentice-store").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    <T extends @Nullable Object> Pending<T> submit(Work<T> work, Consumer<? super T> then) {
        assert Thread.currentThread() != thread : "the writer must not wait for itself";
        var piece = new Piece<T>(work, then);
        synchronized (this) {
            if (closing) {
                throw new UnavailableException("closing", "the store is being closed", Fault.NONE);
            }
            put(piece);
        }
        return piece.pending;
    }

    /** Whether the last transaction could not be committed. */
    boolean failing() {
        return failing;
    }

    /** Does what was handed in, then ends. */
    void close() {
        synchronized (this) {
            closing = true;
            put(new Piece<@Nullable Void>(_ -> null, _ -> {}));
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(Piece<?> piece) {
        try {
            queue.put(piece);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted", "interrupted while waiting for the store", Fault.NONE, e);
        }
    }

    private void run() {
        var batch = new ArrayList<Piece<?>>();
        var connection = new Own(jdbi);
        while (!closing || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException _) {
                continue; // nobody but close() ends this thread
            }
            queue.drainTo(batch, BATCH_MAX - 1);
            settle(batch, connection);
            batch.clear();
        }
        connection.close();
    }

    private void settle(List<Piece<?>> batch, Own connection) {
        try {
            connection.handle().useTransaction(db -> batch.forEach(piece -> piece.run(db)));
        } catch (RuntimeException
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
        private @Nullable Handle open;

        Own(Jdbi jdbi) {
            this.jdbi = jdbi;
        }

        Handle handle() {
            var handle = open;
            if (handle == null) {
                handle = jdbi.open();
                handle.setStatementBuilder(new KeptStatements());
                open = handle;
            }
            return handle;
        }

        void close() {
            var handle = open;
            open = null;
            if (handle != null) {
                try {
                    handle.close();
                } catch (RuntimeException e) { // what failed before is what matters; the next one is a fresh one
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

        void run(Handle db) {
            db.savepoint(SAVEPOINT);
            try {
                var result = work.on(db);
                outcome = () -> {
                    then.accept(result);
                    pending.succeed(result);
                };
                db.releaseSavepoint(SAVEPOINT);
            } catch (RuntimeException | AssertionError e) { // it takes nothing back but itself
                db.rollbackToSavepoint(SAVEPOINT);
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
