/**
 * The teaching door: what people say of answers goes in, lessons come out. The listener hands requests in;
 * {@link dev.apprentice.learner.lesson.Ledger} takes the feedback on. Read {@code TeachingDoor} first. A request
 * belongs to its connection's virtual thread. Promise kept here: what was answered 202 is durable.
 */
@NullMarked
package dev.apprentice.server.teaching;

import org.jspecify.annotations.NullMarked;
