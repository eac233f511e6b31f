/**
 * OpenAI's Responses API: {@code POST /v1/responses} with its events, and what was answered before, to be read, gone on
 * from or deleted. Requests become {@link dev.apprentice.server.asking.Asking}, what is
 * {@linkplain dev.apprentice.server.asking.Told told} becomes items and events. Read {@code ResponsesDoor} first. A
 * request belongs to the thread of its connection. Promise kept here: a response that a client has seen whole can be
 * gone on from, also after a restart.
 */
@NullMarked
package dev.apprentice.server.responses;

import org.jspecify.annotations.NullMarked;
