/**
 * How an instance learns: requests and feedback in, answers, lessons and checkpoints out. The server hands in what
 * people say; the engine runs what is decided here. Read {@code Learner} first. Promise kept here: a correction is
 * never asked for twice.
 */
@NullMarked
package dev.apprentice.learner;

import org.jspecify.annotations.NullMarked;
