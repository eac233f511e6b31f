/**
 * Makes one checkpoint the live one, or an earlier one again. The registry decides which;
 * {@link dev.apprentice.learner.Agent} pins what is live for each answer. Read
 * {@link dev.apprentice.learner.promotion.Swap} first. Rows belong to the store's writer thread. Promise kept here: a
 * swap is one transaction, seen whole or not at all.
 */
@NullMarked
package dev.apprentice.learner.promotion;

import org.jspecify.annotations.NullMarked;
