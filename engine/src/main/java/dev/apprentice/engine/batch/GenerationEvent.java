package dev.apprentice.engine.batch;

import dev.apprentice.engine.ApprenticeException;
import java.util.List;

/**
 * What happens while an answer is made, in order: the prompt's scores where they were asked for, deltas, then one end.
 */
public sealed interface GenerationEvent {

    /**
     * The prompt has been read, and its own tokens were to be scored.
     *
     * @param prompt its tokens from the second on, each as if it had been answered; the first follows nothing
     */
    record Scored(List<SampledToken> prompt) implements GenerationEvent {
        public Scored {
            prompt = List.copyOf(prompt);
        }
    }

    /**
     * More of the answer.
     *
     * @param text what became certain, perhaps nothing; never half a character, never part of a stop string
     * @param tokens the tokens sampled since the last delta
     */
    record Delta(String text, List<SampledToken> tokens) implements GenerationEvent {
        public Delta {
            tokens = List.copyOf(tokens);
        }
    }

    /** The answer is whole. */
    record Finished(Completion completion) implements GenerationEvent {}

    /** The answer ended by a fault; what was said so far is not an answer. */
    record Failed(ApprenticeException error) implements GenerationEvent {}
}
