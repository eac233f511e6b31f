/**
 * Turns what people say of answers into lessons. {@code dev.apprentice.server.teaching} hands feedback in; recall and
 * the study take the lessons on. Read {@link dev.apprentice.learner.lesson.Ledger} first. Rows belong to the store's
 * writer thread, every record is immutable. Promise kept here: an acknowledged lesson is never lost, never counted
 * twice, and the last word of a teacher is the one that counts.
 */
@NullMarked
package dev.apprentice.learner.lesson;

import org.jspecify.annotations.NullMarked;
