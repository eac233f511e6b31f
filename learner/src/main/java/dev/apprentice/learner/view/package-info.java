/**
 * Rewords a lesson's request without changing what it asks. Lessons come from {@link dev.apprentice.learner.lesson};
 * study trains on some wordings, and exam tests on others. Read {@link dev.apprentice.learner.view.Views} first.
 * Nothing here has state: the same lesson has the same views on every machine. Promise kept here: numbers, quotes,
 * names and words of the answer stay as they are, and no wording is both trained on and examined.
 */
@NullMarked
package dev.apprentice.learner.view;

import org.jspecify.annotations.NullMarked;
