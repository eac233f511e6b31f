package dev.apprentice.learner.exam;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which lessons an instance tends to lose: what was right once and is wrong later (docs/learning.md).
 *
 * @param lost ids of lessons that an earlier live checkpoint answered right and the one that serves now does not: they
 *     count against the share that may be lost, and the next study reads them more often
 * @param everLost ids of lessons that any candidate lost, also one that never served: every exam asks them
 */
public record Turnover(Set<String> lost, Set<String> everLost) {
    /** Nothing was ever lost. */
    public static final Turnover NONE = new Turnover(Set.of(), Set.of());

    public Turnover {
        lost = Set.copyOf(lost);
        everLost = Set.copyOf(everLost);
    }

    /**
     * As the reports of the exams tell it.
     *
     * @param all reports of all candidates
     * @param lineage those of the checkpoint that serves and of those it grew from, oldest first
     */
    public static Turnover of(Collection<JsonNode> all, List<JsonNode> lineage) {
        var everLost = new HashSet<String>();
        for (var report : all) {
            report.path("lost").forEach(id -> everLost.add(id.asText()));
        }
        var passed = new HashSet<String>();
        var lost = new HashSet<String>();
        for (var report : lineage) {
            report.path("passes").properties().forEach(item -> {
                if (item.getValue().asBoolean()) {
                    passed.add(item.getKey());
                    lost.remove(item.getKey());
                } else if (passed.contains(item.getKey())) {
                    lost.add(item.getKey());
                }
            });
        }
        everLost.addAll(lost);
        return new Turnover(lost, everLost);
    }
}
