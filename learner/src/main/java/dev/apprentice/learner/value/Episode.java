package dev.apprentice.learner.value;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task of several answers, and how much of its reward each earned.
 *
 * @param id as its requests named it
 * @param instance who answered
 * @param reward how well it ended, 0 to 1, or null while nobody has said
 * @param credited what the credit rests on: the value head, or the reward alone while none is calibrated
 * @param turns in their order
 */
public record Episode(String id, String instance, @Nullable Double reward, Source credited, List<Turn> turns) {

    /** What credit rests on. */
    public enum Source {
        /** Differences of values. */
        VALUE,
        /** The same for every turn: the reward less the mean reward of the instance's episodes. */
        REWARD
    }

    /**
     * One answer of it.
     *
     * @param interaction its id
     * @param value what the head expects of the task after this answer, or null where there is no head
     * @param credit how much better or worse the task stood for it, -1 to 1; null without a reward
     * @param advantage the same with what followed from it, as a study weighs it; null without a reward
     * @param created when it was asked
     */
    public record Turn(
            String interaction,
            @Nullable Double value,
            @Nullable Double credit,
            @Nullable Double advantage,
            Instant created) {}

    public Episode {
        turns = List.copyOf(turns);
    }
}
