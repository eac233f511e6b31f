/**
 * Finds the lessons that matter for a request and lets them act: by force on an exact repeat, as examples before the
 * question, or as weight on the next token. Lessons come from {@link dev.apprentice.learner.lesson.Ledger}, requests
 * from {@link dev.apprentice.learner.Agent}, which takes the {@link dev.apprentice.learner.recall.Recalled} on. Read
 * {@link dev.apprentice.learner.recall.Recall} first. One thread of its own owns the index and shows immutable
 * snapshots; requests only read them. Promise kept here: a corrected request, asked again, is answered with its
 * correction.
 */
@NullMarked
package dev.apprentice.learner.recall;

import org.jspecify.annotations.NullMarked;
