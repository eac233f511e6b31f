/**
 * Says what people think of answers and what became of it. The application makes
 * {@link dev.apprentice.client.teaching.Feedback}, the transports carry it, and a
 * {@link dev.apprentice.client.teaching.Receipt} comes back, later a {@link dev.apprentice.client.teaching.Lesson}.
 * Read {@code Feedback} first. Everything here is immutable and may be shared between threads. Promise kept here: a
 * receipt exists only for what the server holds durably.
 */
@NullMarked
package dev.apprentice.client.teaching;

import org.jspecify.annotations.NullMarked;
