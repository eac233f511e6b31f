package dev.apprentice.learner;

import dev.apprentice.learner.value.Judged;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer comes from: the contract's field {@code apprentice}.
 *
 * @param instance who answered; null is the bare base
 * @param checkpoint which version of it, from the first token to the last; 0 is the bare base
 * @param familiar whether the instance knows something of the request
 * @param confidence how sure it is, 0 to 1; null until that can be said
 * @param needsHelp whether a person should look at the answer
 * @param recalled ids of the lessons that acted on it
 * @param episode the task that it belongs to, or null
 */
public record Provenance(
        @Nullable String instance,
        int checkpoint,
        boolean familiar,
        @Nullable Double confidence,
        boolean needsHelp,
        List<String> recalled,
        @Nullable String episode) {
    public Provenance {
        recalled = List.copyOf(recalled);
    }

    /** The same, with what is said of the whole answer. */
    Provenance judged(Judged judged) {
        return new Provenance(
                instance, checkpoint, familiar, judged.confidence(), judged.needsHelp(), recalled, episode);
    }
}
