/**
 * Says what an application asks and what it is answered. The application builds an
 * {@link dev.apprentice.client.asking.AskRequest}, the transports carry it, and
 * {@link dev.apprentice.client.asking.Answer} or its chunks come back. Read those two first. Everything here is
 * immutable and may be shared between threads. Promise kept here: what is asked goes out exactly as it was put, nothing
 * added and nothing dropped.
 */
@NullMarked
package dev.apprentice.client.asking;

import org.jspecify.annotations.NullMarked;
