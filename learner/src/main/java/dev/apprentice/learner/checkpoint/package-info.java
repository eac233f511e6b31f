/**
 * Keeps the immutable versions of each instance. Studies and uploads hand adapters in;
 * {@link dev.apprentice.learner.Agent} takes the live one on. Read
 * {@link dev.apprentice.learner.checkpoint.Checkpoints} first. Rows belong to the store's writer thread, files are
 * written once. Promise kept here: what is registered is whole, and what is not whole is never served.
 *
 * <p>Layout of {@code adapters/} in the data folder: one PEFT folder for each content, named by the SHA-256 over its
 * two files; it is written below a name beginning with {@code .new-}, fsynced, renamed, and only then named by a row.
 * Whatever no row names is cleared at the next start.
 */
@NullMarked
package dev.apprentice.learner.checkpoint;

import org.jspecify.annotations.NullMarked;
