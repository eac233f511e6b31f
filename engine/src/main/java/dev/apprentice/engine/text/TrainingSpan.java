package dev.apprentice.engine.text;

/**
 * What is learnt from an answer: given the prompt's ids, to produce the answer's. No token spans the border.
 *
 * @param prompt the ids before the answer, as a request with the same messages would have them
 * @param answer the answer's ids; the last one is the stop token, which is there once
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingSpan(int[] prompt, int[] answer) {}
