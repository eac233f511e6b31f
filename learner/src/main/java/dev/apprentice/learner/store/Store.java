package dev.apprentice.learner.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The database of one data folder. Any thread may read; changes are done by one writer, many at a time (see
 * {@link Writer}), and are durable (write-ahead log, fsync at each commit) before anyone is told so.
 */
public final class Store implements AutoCloseable {
    /** How many read at once, the writer being one of them when it has something to write. */
    static final int CONNECTIONS = 5;

    private final Path folder;
    private final FolderLock lock;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Writer writer;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private Store(Path folder, FolderLock lock, HikariDataSource pool) {
        this.folder = folder;
        this.lock = lock;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        this.writer = new Writer(jdbi, () -> listeners.forEach(Runnable::run));
    }

    /**
     * Opens the database of {@code folder}, making both where they are missing and bringing an older layout up to date.
     *
     * @throws dev.apprentice.engine.ConflictException code {@code data_in_use} while another server has it open
     * @throws InvalidRequestException code {@code bad_data} if the folder cannot be used or is of a newer version
     */
    public static Store open(Path folder) {
        try {
            Files.createDirectories(folder);
            var lock = FolderLock.take(folder);
            try {
                var pool = pool(folder.resolve("apprentice.db"));
                try {
                    migrate(pool);
                    var store = new Store(folder, lock, pool);
                    store.writer.start();
                    return store;
                } catch (RuntimeException e) {
                    pool.close();
                    throw e;
                }
            } catch (RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            throw unusable(folder, e);
        }
    }

    /** The data folder. */
    public Path folder() {
        return folder;
    }

    /**
     * Does {@code work} on one committed snapshot; it must change nothing.
     *
     * @throws UnavailableException code {@code interrupted} if the thread is, while it waits for its turn
     */
    public <T extends @Nullable Object> T read(Work<T> work) {
        try {
            return jdbi.inTransaction(work::on);
        } catch (ConnectionException e) {
            throw Thread.currentThread().isInterrupted() ? Pending.interrupted(e) : e;
        }
    }

    /** Does {@code work} and returns its result once it is durable. */
    public <T extends @Nullable Object> T write(Work<T> work) {
        return submit(work).await();
    }

    /** Hands {@code work} to the writer without waiting for it. */
    public <T extends @Nullable Object> Pending<T> submit(Work<T> work) {
        return submit(work, _ -> {});
    }

    /**
     * Hands {@code work} to the writer.
     *
     * @param then runs on the writer's thread when the work is durable and before anyone is told, in the order of the
     *     changes: it must be quick and must not write
     */
    public <T extends @Nullable Object> Pending<T> submit(Work<T> work, Consumer<? super T> then) {
        return writer.submit(work, then, true);
    }

    /**
     * Hands {@code work} to the writer for whom it has time enough: it will be durable a few milliseconds from now, and
     * before all work that is handed in later.
     *
     * @param then as for {@link #submit(Work, Consumer)}
     */
    public <T extends @Nullable Object> void leave(Work<T> work, Consumer<? super T> then) {
        var _ = writer.submit(work, then, false);
    }

    /** Runs {@code listener} on the writer's thread after each commit: it must be quick and must not write. */
    public void onCommit(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Whether changes can be made at present: false from a commit that failed, as on a full disk, to one that did not.
     */
    public boolean healthy() {
        return !writer.failing();
    }

    /** Finishes what was handed in, then closes. */
    @Override
    public void close() {
        writer.close();
        pool.close();
        try {
            lock.close();
        } catch (IOException e) {
            throw new FailedException("store_failed", "the data folder's lock could not be given up", Fault.NONE, e);
        }
    }

    private static HikariDataSource pool(Path file) {
        var config = new HikariConfig();
        config.setPoolName("apprentice-store");
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty(
                "synchronous", "FULL"); // an acknowledged lesson survives power loss, not only a kill
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.addDataSourceProperty("jdbc.get_generated_keys", "false"); // a query of its own after each insert
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    private static void migrate(HikariDataSource pool) {
        Flyway.configure(Store.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:dev/apprentice/learner/store")
                .ignoreMigrationPatterns(new String[0]) // a folder of a newer version is refused, never half understood
                .load()
                .migrate();
    }

    private static InvalidRequestException unusable(Path folder, Exception cause) {
        return new InvalidRequestException(
                "bad_data",
                "the data folder " + folder + " cannot be used: " + cause.getMessage(),
                Fault.of("data", "a folder that can be written, of this version or older", folder.toString()),
                cause);
    }
}
