package dev.apprentice.learner.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are said for every question. JDBI copies its configuration for each statement and looks up how each
 * value is bound, which takes several times as long as SQLite needs for it all; what is said less often is better off
 * with JDBI. Parameters are question marks, in the order of {@code values}: texts, bytes, numbers, booleans, nulls.
 */
public final class PlainSql {
    private PlainSql() {}

    /** One row, as it is read. */
    @FunctionalInterface
    public interface Reading<T> {
        /** What {@code row} says. */
        T of(ResultSet row) throws SQLException;
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** How many rows {@code sql} changes. */
    public static int update(Handle db, String sql, @Nullable Object... values) {
        return use(db, sql, statement -> {
            bind(statement, values);
            return statement.executeUpdate();
        });
    }

    /** The rows that {@code sql} finds. */
    public static <T> List<T> list(Handle db, Reading<T> reading, String sql, @Nullable Object... values) {
        return use(db, sql, statement -> {
            bind(statement, values);
            var found = new ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reading.of(rows));
                }
            }
            return found;
        });
    }

    private static <T> T use(Handle db, String sql, Use<T> use) {
        try {
            if (db.getStatementBuilder() instanceof KeptStatements kept) {
                return use(kept, kept.lend(db.getConnection(), sql), sql, use);
            }
            try (var statement = db.getConnection().prepareStatement(sql)) {
                return use.of(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store refused a statement: " + e.getMessage(), e);
        }
    }

    private static <T> T use(KeptStatements kept, PreparedStatement statement, String sql, Use<T> use)
            throws SQLException {
        boolean done = false;
        try {
            var result = use.of(statement);
            done = true;
            return result;
        } finally {
            if (done) {
                kept.giveBack(sql, statement);
            } else {
                statement.close(); // who knows how far it came
            }
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setObject(i + 1, null);
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Integer number -> statement.setInt(i + 1, number);
                case Long number -> statement.setLong(i + 1, number);
                case Double number -> statement.setDouble(i + 1, number);
                case Boolean yes -> statement.setInt(i + 1, yes ? 1 : 0);
                default -> throw new IllegalArgumentException("no column holds a " + values[i].getClass());
            }
        }
    }
}
