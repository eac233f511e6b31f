/**
 * Turns requests into running answers: many sequences, one batch, one step at a time. Requests come from
 * {@link dev.apprentice.engine.Engine}; each step's tokens go to {@code dev.apprentice.engine.decoder} and back out as
 * {@link dev.apprentice.engine.batch.GenerationEvent}s. Read {@code Scheduler} first. The engine thread owns every
 * sequence. Promise kept here: an answer comes from one adapter, from its first token to its last.
 */
@NullMarked
package dev.apprentice.engine.batch;

import org.jspecify.annotations.NullMarked;
