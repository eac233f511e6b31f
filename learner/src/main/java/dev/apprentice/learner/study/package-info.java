/**
 * Turns an instance's lessons into one candidate checkpoint. Lessons come from {@link dev.apprentice.learner.lesson},
 * the candidate goes to {@link dev.apprentice.learner.exam} and, passed, to {@link dev.apprentice.learner.checkpoint}.
 * Read {@link dev.apprentice.learner.study.Study} first. All state belongs to the learner thread. Promise kept here: no
 * study delays a request, and what was learnt before survives it.
 */
@NullMarked
package dev.apprentice.learner.study;

import org.jspecify.annotations.NullMarked;
