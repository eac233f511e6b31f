/**
 * The one request behind every door: what is asked, whatever protocol it came through, and what is told in return, tool
 * calls already told apart from text. Doors ({@code openai}, {@code anthropic}, {@code grpc}) translate to
 * {@link dev.apprentice.server.asking.Asking} and from {@link dev.apprentice.server.asking.Told};
 * {@link dev.apprentice.learner.Agent} answers. Read {@code Asker} first. A request belongs to the thread of its
 * connection. Promise kept here: no behaviour of an answer is written twice.
 */
@NullMarked
package dev.apprentice.server.asking;

import org.jspecify.annotations.NullMarked;
