/**
 * Turns what happens to instances into one numbered list. Ledger, registry and study append to it within the
 * transaction that made it happen; the server's event stream reads it. Read {@link dev.apprentice.learner.event.Events}
 * first. Rows belong to the store's writer thread. Promise kept here: an event is seen if and only if what it tells of
 * is durable.
 */
@NullMarked
package dev.apprentice.learner.event;

import org.jspecify.annotations.NullMarked;
