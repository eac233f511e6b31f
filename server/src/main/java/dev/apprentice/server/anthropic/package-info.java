/**
 * Anthropic's Messages API: {@code POST /v1/messages} with its events, and counting tokens. Requests become
 * {@link dev.apprentice.server.asking.Asking}, what is {@linkplain dev.apprentice.server.asking.Told told} becomes
 * blocks and events. Read {@code MessagesDoor} first. A request belongs to the thread of its connection. Promise kept
 * here: Anthropic's own clients need nothing but another base URL, and every failure comes in the shape that they
 * parse.
 */
@NullMarked
package dev.apprentice.server.anthropic;

import org.jspecify.annotations.NullMarked;
