package dev.apprentice.learner.store;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A piece of work on the database, done whole or not at all. */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    /** Does it within the transaction of {@code db}, which it must neither commit nor close. */
    T on(Handle db);
}
