package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.Lesson;

/**
 * A lesson in the index.
 *
 * @param lesson what was taught
 * @param question its request
 */
record Entry(Lesson lesson, Question question) {}
