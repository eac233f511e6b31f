/**
 * How an instance knows what it does not know: from what was seen of an answer to the probability that it is good. The
 * agent hands in {@link dev.apprentice.learner.value.Traits} of whole answers, the ledger says what became of them, and
 * confidence, calls for help, choices among answers and the credit of an episode's turns go out. Read {@code Values}
 * first, then {@code Fit}. Fitting belongs to a thread of its own; what is fitted is immutable. Promise kept here: an
 * answer never waits for a fit, and nothing that is not calibrated drives what is trained.
 */
@NullMarked
package dev.apprentice.learner.value;

import org.jspecify.annotations.NullMarked;
