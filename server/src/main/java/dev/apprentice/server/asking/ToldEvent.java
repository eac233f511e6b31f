package dev.apprentice.server.asking;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.SampledToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens while an answer is told, in order: texts and calls, then one end. Calls follow one another; each is
 * begun, given its arguments in parts that join to the whole, and ended.
 */
public sealed interface ToldEvent {

    /**
     * The prompt has been read, and its own tokens were to be scored; comes before anything is said.
     *
     * @param prompt its tokens from the second on, each as if it had been answered
     */
    record Scored(List<SampledToken> prompt) implements ToldEvent {
        public Scored {
            prompt = List.copyOf(prompt);
        }
    }

    /**
     * More of the text.
     *
     * @param text what became certain, perhaps nothing; never half a character, never part of a stop string or of a
     *     call
     * @param tokens what was sampled since the last such event, those of calls too
     */
    record Text(String text, List<SampledToken> tokens) implements ToldEvent {
        public Text {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A call begins.
     *
     * @param index which of the answer's calls, from 0
     * @param id the call's id
     * @param name the tool
     */
    record CallBegun(int index, String id, String name) implements ToldEvent {}

    /** More of a call's arguments, as JSON text. */
    record CallArguments(int index, String json) implements ToldEvent {}

    /** A call is whole. */
    record CallEnded(int index) implements ToldEvent {}

    /**
     * The answer is whole.
     *
     * @param ending how
     * @param stopString which stop string it came to, if that is known
     * @param text all texts joined
     * @param calls all calls
     * @param completion what the engine made of it, where calls are text
     */
    record Ended(Ending ending, @Nullable String stopString, String text, List<ToolCall> calls, Completion completion)
            implements ToldEvent {
        public Ended {
            calls = List.copyOf(calls);
        }
    }

    /** The answer ended by a fault; what was told so far is not an answer. */
    record Failed(ApprenticeException error) implements ToldEvent {}
}
