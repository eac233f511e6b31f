/**
 * Keeps adapters in native memory while they are needed: PEFT folders in, tensors out.
 * {@code dev.apprentice.engine.batch} pins an adapter for each running answer. Read {@code Residency} first. Its cache
 * may be used from any thread. Promise kept here: an adapter is known by the digest of its content, never by a name or
 * a number.
 */
@NullMarked
package dev.apprentice.engine.adapter;

import org.jspecify.annotations.NullMarked;
