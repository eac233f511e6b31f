/**
 * Turns what was typed after {@code ./apprentice} into work and an exit code: one class for each verb. The launcher
 * script hands the words in; each verb opens what it needs and closes it again. Read
 * {@link dev.apprentice.server.command.Main} first. The main thread owns everything here. Promise kept here: exit code
 * 0 means done, 1 failed, 2 used or configured wrongly, and what failed is said in words, without a stack trace.
 */
@NullMarked
package dev.apprentice.server.command;

import org.jspecify.annotations.NullMarked;
