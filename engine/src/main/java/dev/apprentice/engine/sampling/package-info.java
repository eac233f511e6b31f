/**
 * Turns the next-token logits of one row into one token. {@code dev.apprentice.engine.batch} hands the logits in and
 * takes the token on. Read {@link dev.apprentice.engine.sampling.Sampler} first. A sampler belongs to one sequence and
 * so to the engine thread. Promise kept here: the same seed gives the same token, whatever else is in the batch.
 */
@NullMarked
package dev.apprentice.engine.sampling;

import org.jspecify.annotations.NullMarked;
