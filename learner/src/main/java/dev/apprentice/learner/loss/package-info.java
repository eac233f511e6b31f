/**
 * Losses of feedback that says how good an answer was: each takes log-probabilities of whole answers and gives its
 * value with its slope at each of them, which is all that training needs. {@link dev.apprentice.learner.study} hands
 * log-probabilities in and takes slopes on. Read {@link dev.apprentice.learner.loss.Preference} first. Everything here
 * is pure arithmetic. Promise kept here: the same numbers as PyTorch's and TRL's, within rounding.
 */
@NullMarked
package dev.apprentice.learner.loss;

import org.jspecify.annotations.NullMarked;
