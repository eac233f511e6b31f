/**
 * Keeps each request with its answers. {@link dev.apprentice.learner.Agent} hands them in; the ledger looks up what
 * feedback speaks of. Read {@link dev.apprentice.learner.interaction.Interactions} first. Rows belong to the store's
 * writer thread. Promise kept here: an id that a client has seen is never unknown.
 */
@NullMarked
package dev.apprentice.learner.interaction;

import org.jspecify.annotations.NullMarked;
