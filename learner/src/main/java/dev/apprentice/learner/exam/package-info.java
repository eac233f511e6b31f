/**
 * Decides whether a candidate may serve: it is asked what its lessons taught, in their own words and in others, and
 * what it should have left alone. {@link dev.apprentice.learner.study} hands the candidate in and takes the
 * {@link dev.apprentice.learner.exam.Verdict} on. Read {@link dev.apprentice.learner.exam.Exam} first. Nothing here has
 * state but {@link dev.apprentice.learner.exam.GeneralAnswers}, which belongs to the learner thread. Promise kept here:
 * an exam asks as a request would be answered, freely and to the natural stop.
 */
@NullMarked
package dev.apprentice.learner.exam;

import org.jspecify.annotations.NullMarked;
