package dev.apprentice.learner.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * What the registry remembers of an instance's studies.
 *
 * @param exams reports of all candidates
 * @param lineage reports of the checkpoint that is to serve and of those it grew from, oldest first
 * @param promotions how many studies' checkpoints went live since weights were last built from the base
 * @param awaiting ids of lessons in a checkpoint that passed and goes on from the live one, but is not live itself
 */
public record Past(List<JsonNode> exams, List<JsonNode> lineage, int promotions, Set<String> awaiting) {
    public Past {
        exams = List.copyOf(exams);
        lineage = List.copyOf(lineage);
        awaiting = Set.copyOf(awaiting);
    }
}
