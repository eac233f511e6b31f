/**
 * The primitives of learning: forward and backward over rows of tokens, optimiser steps, snapshots. The learner hands
 * in rows and losses and takes adapters on; which rows, how often and when to stop is its business. Read
 * {@link dev.apprentice.engine.training.Student} first. A student belongs to the learner thread. Promise kept here:
 * learning runs in short native slices between which serving goes first.
 */
@NullMarked
package dev.apprentice.engine.training;

import org.jspecify.annotations.NullMarked;
