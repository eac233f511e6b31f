package dev.apprentice.learner.base;

import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.training.Training;
import java.util.List;

/** The loaded base model, as the learner sees it. Safe for use by several threads. */
public interface Base {
    /** SHA-256 of its content: what was measured on one base says nothing of another. */
    String digest();

    /** How many layers it has. */
    int layers();

    /** How many numbers a hidden state has. */
    int hidden();

    /** How many parameters it has. */
    long parameters();

    /** How many tokens prompt and answer may have together. */
    int contextTokens();

    /** A request as tokens, up to where the answer begins. */
    int[] prompt(List<ChatMessage> messages);

    /** A request with its answer as tokens; of earlier assistant turns nothing is answer. */
    Span span(List<ChatMessage> messages, String answer);

    /** Starts a generation. */
    Generation submit(GenerationRequest request);

    /** The primitives of training. */
    Training training();
}
