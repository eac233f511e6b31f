/**
 * Scopes for native tensors. Everything native is made in a {@link dev.apprentice.engine.memory.Scope} and freed with
 * it; {@code dev.apprentice.engine.decoder} and its neighbours open one for each step. Read
 * {@link dev.apprentice.engine.memory.NativeMemory} first. A scope belongs to the thread that opened it. Promise kept
 * here: what was opened and not closed is counted, so that a leak shows as a number.
 */
@NullMarked
package dev.apprentice.engine.memory;

import org.jspecify.annotations.NullMarked;
