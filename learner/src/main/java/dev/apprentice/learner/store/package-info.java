/**
 * Turns pieces of work into committed transactions of one relational database, SQLite in the data folder. The ledger,
 * the registry, the interactions and the instances hand work in; what they get back is durable. Read
 * {@link dev.apprentice.learner.store.Store} first. One writer thread owns every change, readers see committed
 * snapshots. Promise kept here: what was acknowledged survives a kill at any moment.
 *
 * <p>Layout of a data folder: {@code apprentice.db} with its {@code -wal} and {@code -shm} (tables: the migrations
 * beside this package's resources), {@code lock} (held while a server runs), {@code adapters/} (see
 * {@code dev.apprentice.learner.checkpoint}). Times are microseconds since 1970, composite values JSON.
 */
@NullMarked
package dev.apprentice.learner.store;

import org.jspecify.annotations.NullMarked;
