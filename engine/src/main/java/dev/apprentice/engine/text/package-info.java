/**
 * Turns messages into token ids and token ids back into text. {@code dev.apprentice.engine.model} hands in the
 * tokenizer's JSON and the chat templates; the ids go to {@code dev.apprentice.engine.schedule} and the study. Read
 * {@code ChatTemplate} first. {@code Tokenizer} and {@code ChatTemplate} are safe for any thread; a {@code Detokenizer}
 * and its {@code StopStrings} belong to one sequence. Promise kept here: what a user types is never a control token,
 * and no byte of an answer is shown twice, lost or torn.
 */
@NullMarked
package dev.apprentice.engine.text;

import org.jspecify.annotations.NullMarked;
