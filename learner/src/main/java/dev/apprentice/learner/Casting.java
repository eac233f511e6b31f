package dev.apprentice.learner;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.learner.checkpoint.Drawn;
import dev.apprentice.learner.checkpoint.Serving;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.recall.Recalled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who answers and how: everything that is fixed before the first token. */
@SuppressWarnings("ArrayRecordComponent") // handed to the engine as it is, and never compared
record Casting(
        @Nullable Instance instance,
        Serving serving,
        Drawn drawn,
        Recalled recalled,
        @Nullable AdapterRef adapter,
        int[] prompt,
        int maxTokens,
        List<Stage> stages) {
    /** How lessons act on the answer. */
    Guided guided() {
        return switch (recalled.guide()) {
            case AnswerGuide.Forced _ -> Guided.FORCED;
            case AnswerGuide.Prior _ -> Guided.PRIOR;
            case AnswerGuide.Free _ -> recalled.examples().isEmpty() ? Guided.FREE : Guided.EXAMPLES;
        };
    }
}
