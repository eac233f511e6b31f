/**
 * The model's mathematics: one TorchScript program, beside this package's classes as {@code decoder.py}, and its one
 * caller. {@code dev.apprentice.engine.batch} hands in a step's tokens, {@code dev.apprentice.engine.training} rows to
 * learn from; logits, losses and gradients come back. Read {@link dev.apprentice.engine.decoder.Decoder} first. One
 * thread at a time computes, the one that holds the {@link dev.apprentice.engine.decoder.ComputePermit}. Promise kept
 * here: serving and learning run the same program on the same weights.
 */
@NullMarked
package dev.apprentice.engine.decoder;

import org.jspecify.annotations.NullMarked;
