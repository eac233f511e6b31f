/**
 * Turns the name of a base model into files on this disk: known names, local paths and {@code hf:} references in,
 * verified files out. Whoever starts an engine asks here first; {@code dev.apprentice.engine.model} reads what is
 * found. Read {@link dev.apprentice.engine.model.hub.ModelStore} first. The store belongs to whoever holds the lock
 * file of the model in question, across processes; nothing is kept in memory. Promise kept here: a file that is handed
 * out is whole, has the SHA-256 that its name stands for, and was downloaded once.
 *
 * <pre>
 * models/
 *   NAME/                        a known model: its files and apprentice-model.json (the manifest, written last)
 *   hf/ORG/NAME/COMMIT/          a snapshot of the hub, the same inside
 *   hf/ORG/NAME/refs/REVISION    the commit that a revision named when it was fetched
 *   .partial/KEY/                what is being fetched; survives a crash, so that a download resumes
 *   .locks/KEY.lock              one lock for each model
 * </pre>
 */
@NullMarked
package dev.apprentice.engine.model.hub;

import org.jspecify.annotations.NullMarked;
