package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable version of an instance's adapter, with where it comes from.
 *
 * @param instance whose
 * @param number 1, 2, … for those that passed or were uploaded, else null
 * @param candidate {@code cand_…}, its name from the beginning
 * @param origin {@code study}, {@code rebuild} or {@code upload}
 * @param state where it stands
 * @param reason why it is rejected or broken, or was withdrawn from its trial
 * @param parent number of the checkpoint it was trained from, null for the base
 * @param lessons ids of the lessons that it was trained on
 * @param plan how it was trained
 * @param exam what it was examined on and how that went, null if it was not
 * @param fit what is pinned with it beside the adapter, such as the familiarity gate
 * @param adapterDigest SHA-256 of its {@code adapter_model.safetensors}
 * @param baseDigest of the base it belongs to
 * @param tokenizerDigest of the tokenizer it was trained with
 * @param templateDigest of the chat template it was trained with
 * @param trainerDigest of the program that trained it
 * @param created when it was made
 */
public record Checkpoint(
        String instance,
        @Nullable Integer number,
        String candidate,
        String origin,
        CheckpointState state,
        @Nullable String reason,
        @Nullable Integer parent,
        List<String> lessons,
        JsonNode plan,
        @Nullable JsonNode exam,
        @Nullable JsonNode fit,
        String adapterDigest,
        String baseDigest,
        String tokenizerDigest,
        String templateDigest,
        String trainerDigest,
        Instant created) {
    public Checkpoint {
        lessons = List.copyOf(lessons);
    }
}
