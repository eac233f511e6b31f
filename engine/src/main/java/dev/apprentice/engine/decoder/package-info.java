/**
 * The model's mathematics: three TorchScript programs beside this package's classes, {@code decoder.py} that looks and
 * judges, {@code training.py} that learns and {@code serving.py} that serves, and their callers.
 * {@code dev.apprentice.engine.batch} hands in a step's tokens, {@code dev.apprentice.engine.training} rows to learn
 * from; logits, losses and gradients come back. Read {@link dev.apprentice.engine.decoder.Decoder} first. One thread at
 * a time computes, the one that holds the {@link dev.apprentice.engine.decoder.ComputePermit}. Promise kept here: all
 * programs compute the same equations on the weights of the same files, and what rounding a
 * {@link dev.apprentice.engine.decoder.Kernel} adds is measured.
 */
@NullMarked
package dev.apprentice.engine.decoder;

import org.jspecify.annotations.NullMarked;
