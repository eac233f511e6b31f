package dev.apprentice.learner.recall;

/**
 * A lesson in the index: what comparing needs of it. The lesson itself stays in the ledger.
 *
 * @param sequence its number in the ledger, the later the larger
 * @param id the lesson's
 * @param answer equal for lessons that answer the same
 * @param question its request
 */
record Entry(long sequence, String id, String answer, Question question) {}
