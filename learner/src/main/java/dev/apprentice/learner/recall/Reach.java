package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an instance's weights may have learnt about where answers were judged, too: requests of lessons, and requests of
 * answers that somebody rated, rewarded or compared. Lessons act by similarity on what is like them only, whatever was
 * judged; the adapter applies to all of this. Immutable.
 *
 * @param wide many lessons, of which those near a request are found for it; null where all are known
 * @param judged requests whose answers were judged
 * @param whole measured against all of it; null beside {@code wide}
 * @param ground what comparisons have in common
 * @param gate fitted on all of it, or nearly; beside many lessons it is theirs
 */
record Reach(
        @Nullable WideIndex wide,
        List<Entry> judged,
        @Nullable Familiarity whole,
        Ground ground,
        Gate gate) {
    Reach {
        judged = List.copyOf(judged);
    }

    /** Of few lessons and judged requests together. */
    static Reach whole(List<Entry> entries, GeneralPrompts general, Gate gate) {
        var ground = Ground.of(entries, general);
        return new Reach(null, entries, new Familiarity(entries, ground), ground, gate);
    }

    /** Of judged requests beside many lessons. */
    static Reach wide(WideIndex lessons, List<Entry> judged, Gate gate) {
        return new Reach(lessons, judged, null, lessons.ground(), gate);
    }

    /** A request as these see it. */
    Question question(Sight sight, List<ChatMessage> messages) {
        return new Question(ground.general().standards().of(sight.states(sight.prompt(messages))), Words.of(messages));
    }

    /** Features of a request that is none of these. */
    Features features(Question question) {
        if (whole != null) {
            return whole.of(question);
        }
        var near = new ArrayList<>(judged);
        if (wide != null) {
            near.addAll(wide.around(question, null).entries());
        }
        return new Familiarity(near, ground).of(question);
    }
}
