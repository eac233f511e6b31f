/**
 * Says what went wrong with a call, one type by what the caller can do about it. The transports make these, the
 * application catches them. Read {@link dev.apprentice.client.error.ApprenticeException} first. All are immutable.
 * Promise kept here: no message contains a key, a token or a text that people wrote to the agent.
 */
@NullMarked
package dev.apprentice.client.error;

import org.jspecify.annotations.NullMarked;
