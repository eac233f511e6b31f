package dev.apprentice.learner.recall;

import dev.apprentice.learner.lesson.Lesson;
import java.io.UncheckedIOException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Something to do on recall's thread. */
sealed interface RecallTask {
    record Open(String instance, Room room) implements RecallTask {}

    record Index(String instance, Room room, String lesson) implements RecallTask {}

    record Remove(String instance, Room room, String lesson) implements RecallTask {}

    record Opinion(Room room, Lesson lesson) implements RecallTask {}

    record Drop(String instance, Room room) implements RecallTask {}

    record Damaged(String instance, Room room, Room.@Nullable View view, UncheckedIOException cause)
            implements RecallTask {}

    record Weights(String instance, Room room) implements RecallTask {}

    record Fitted(
            String instance,
            Room room,
            RecallFit fit,
            @Nullable Gate gate) implements RecallTask {}

    record Call(FutureTask<?> body) implements RecallTask {}

    record Stop() implements RecallTask {}
}
