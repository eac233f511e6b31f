package dev.apprentice.learner.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Prepares each statement once for one connection and lends it out again and again: the writer says the same few dozen
 * things thousands of times a second, and SQLite takes longer to read one than to do it. Used by one thread.
 */
final class KeptStatements extends DefaultStatementBuilder {
    /** Above it those that are given back are closed: some statements are put together from what was asked. */
    private static final int KEPT_MAX = 256;

    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private final IdentityHashMap<Statement, String> lent = new IdentityHashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        if (context.isReturningGeneratedKeys()) {
            return super.create(connection, sql, context);
        }
        var known = kept.remove(sql); // so that one within another of the same words gets its own
        var statement = known == null ? super.create(connection, sql, context) : known;
        lent.put(statement, sql);
        return statement;
    }

    /** Lends the statement {@code sql} past JDBI, until it is {@linkplain #giveBack given back}. */
    PreparedStatement lend(Connection connection, String sql) throws SQLException {
        var known = kept.remove(sql);
        return known == null ? connection.prepareStatement(sql) : known;
    }

    void giveBack(String sql, PreparedStatement statement) throws SQLException {
        if (kept.size() >= KEPT_MAX || kept.containsKey(sql)) {
            statement.close();
        } else {
            kept.put(sql, statement); // all parameters are set anew the next time
        }
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        var words = lent.remove(statement);
        if (words == null || kept.size() >= KEPT_MAX || kept.containsKey(words)) {
            super.close(connection, sql, statement);
        } else {
            var prepared = (PreparedStatement) statement;
            prepared.clearParameters();
            kept.put(words, prepared);
        }
    }

    @Override
    public void close(Connection connection) {
        kept.clear(); // they end with the connection
        lent.clear();
    }
}
