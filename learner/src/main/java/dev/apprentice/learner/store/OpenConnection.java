package dev.apprentice.learner.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The connection on which changes are made: there is always a transaction, of which SQLite notices nothing before its
 * first statement, and what is said for each piece of work is prepared once. Used by one thread.
 */
final class OpenConnection {
    private final Handle handle;
    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement release;
    private final PreparedStatement takeBack;
    private boolean within;

    private OpenConnection(Handle handle) throws SQLException {
        this.handle = handle;
        connection = handle.getConnection();
        connection.setAutoCommit(false);
        begin = connection.prepareStatement("savepoint piece");
        release = connection.prepareStatement("release piece");
        takeBack = connection.prepareStatement("rollback to piece");
    }

    static OpenConnection of(Jdbi jdbi) throws SQLException {
        var handle = jdbi.open();
        try {
            handle.setStatementBuilder(new KeptStatements());
            return new OpenConnection(handle);
        } catch (SQLException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    Handle handle() {
        return handle;
    }

    /** Ends the piece before, and from here on another one can be taken back by itself. */
    void begin() throws SQLException {
        end();
        begin.execute();
        within = true;
    }

    /** Takes back all changes since {@link #begin}. */
    void takeBack() throws SQLException {
        takeBack.execute();
    }

    /** Makes everything durable. */
    void commit() throws SQLException {
        end();
        connection.commit();
    }

    private void end() throws SQLException {
        if (within) {
            within = false;
            release.execute();
        }
    }

    /** Gives up what is not committed. */
    void close() throws SQLException {
        try (handle) {
            rollBack();
            connection.setAutoCommit(true);
        }
    }

    private void rollBack() throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) { // on some faults, such as a full disk, SQLite has done so by itself
            try (var begin = connection.createStatement()) {
                begin.execute("begin"); // the driver believes that there is a transaction
            }
        }
    }
}
