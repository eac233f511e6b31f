/**
 * Measures whether the program learns on the job: the tests of docs/benchmarks.md by seven arms, in this process.
 * {@code bench} hands in a model and the sizes and takes tables on. Read {@link JobBench} first, then
 * {@link JobExercise} and {@link Subject}. One thread drives everything; whatever an arm has done is in its
 * {@link Logbook}, so that a run that was killed goes on where it was. Promise kept here: every arm is reported, and
 * what is left out says why.
 */
@NullMarked
package dev.apprentice.server.bench.job;

import org.jspecify.annotations.NullMarked;
