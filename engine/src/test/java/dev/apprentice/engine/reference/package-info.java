/**
 * The engine against code that nobody here wrote: expected values that {@code src/test/reference} computed with
 * transformers, PEFT and PyTorch, compared with ours. Tests of every other room may read them. Read
 * {@link dev.apprentice.engine.reference.ReferenceCase} first. Nothing here has state. Promise kept here: no expected
 * value comes from our own code.
 */
@NullMarked
package dev.apprentice.engine.reference;

import org.jspecify.annotations.NullMarked;
