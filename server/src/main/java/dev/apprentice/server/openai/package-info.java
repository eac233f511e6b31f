/**
 * The OpenAI-compatible door: chat completions and models, so that official clients work unchanged. The listener hands
 * requests in; {@link dev.apprentice.learner.Agent} answers them. Read {@code ChatDoor} first. A request belongs to its
 * connection's virtual thread. Promise kept here: what is asked for and not built is refused, never silently ignored.
 */
@NullMarked
package dev.apprentice.server.openai;

import org.jspecify.annotations.NullMarked;
