package dev.apprentice.learner.checkpoint;

import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.promotion.Swap;
import dev.apprentice.learner.promotion.Trials;

/**
 * Who has to know what is live.
 *
 * @param instances whose pointer says so
 * @param ledger whose lessons are live when their checkpoint is
 * @param swap moves the pointer and remembers where it was
 * @param trials who is tried before it goes live, and watched after
 * @param events what happened
 * @param watcher who is told
 */
public record Neighbours(
        Instances instances, Ledger ledger, Swap swap, Trials trials, Events events, LiveWatcher watcher) {}
