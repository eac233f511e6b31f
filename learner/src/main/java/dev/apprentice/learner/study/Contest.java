package dev.apprentice.learner.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.learner.exam.ExamReport;
import dev.apprentice.learner.exam.ExamReport.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which plans compete in a study, and which of their candidates is the best. What won before is read from the reports
 * that are kept with candidates, so it is remembered as long as they are. Immutable.
 *
 * <p>Rivals are drawn by Thompson sampling (1933; Chapelle and Li 2011): each plan's chance to win is drawn from the
 * Beta distribution of its victories and defeats, and the highest take part. So what wins comes again, and what is
 * little known still has its turn.
 */
final class Contest {
    /** What stands in a report about a contest. */
    private static final String FIELD = "rivals";

    private final Map<Variation, int[]> record = new EnumMap<>(Variation.class);

    /** @param exams reports of an instance's candidates */
    Contest(List<JsonNode> exams) {
        for (var exam : exams) {
            var rivals = exam.path(FIELD);
            Variation.of(rivals.path("plan").asText())
                    .ifPresent(plan -> of(plan)[rivals.path("won").asBoolean() ? 0 : 1]++);
        }
    }

    private int[] of(Variation plan) {
        return record.computeIfAbsent(plan, _ -> new int[2]);
    }

    /** How often {@code plan} has won. */
    int won(Variation plan) {
        return record.getOrDefault(plan, new int[2])[0];
    }

    /** How often it has lost. */
    int lost(Variation plan) {
        return record.getOrDefault(plan, new int[2])[1];
    }

    /**
     * Who competes: the plan as it stands, and others of {@code eligible}.
     *
     * @param count how many in all
     */
    List<Variation> drawn(int count, List<Variation> eligible, RandomGenerator random) {
        var chances = new EnumMap<Variation, Double>(Variation.class);
        eligible.stream()
                .filter(plan -> plan != Variation.AS_PLANNED)
                .forEach(plan -> chances.put(plan, chance(1 + won(plan), 1 + lost(plan), random)));
        var drawn = new ArrayList<>(List.of(Variation.AS_PLANNED));
        chances.entrySet().stream()
                .sorted(Map.Entry.<Variation, Double>comparingByValue().reversed())
                .limit(count - 1L)
                .forEach(plan -> drawn.add(plan.getKey()));
        return List.copyOf(drawn);
    }

    /** Of Beta(a, b): the a-th smallest of a + b - 1 uniform numbers. */
    private static double chance(int a, int b, RandomGenerator random) {
        return random.doubles(a + b - 1L).sorted().skip(a - 1L).findFirst().orElseThrow();
    }

    /**
     * Who passed with more lessons right, else with more of their other wordings, else nearer to the base; the first of
     * equals.
     */
    static int best(List<ExamReport> passed) {
        int best = 0;
        for (int i = 1; i < passed.size(); i++) {
            if (BETTER.compare(passed.get(i).figures(), passed.get(best).figures()) > 0) {
                best = i;
            }
        }
        return best;
    }

    private static final Comparator<Figures> BETTER = Comparator.comparingDouble(Figures::exact)
            .thenComparingDouble(Figures::views)
            .thenComparing(Comparator.comparingDouble(Figures::rawDriftNats).reversed());

    /**
     * Why {@code loser} is not it.
     *
     * @param winner the name of the winner's candidate
     */
    static String lost(ExamReport loser, String winner, Variation by, ExamReport better) {
        return String.format(
                Locale.ROOT,
                "it passed and lost to %s (%s): %s, the other %s",
                winner,
                by.word(),
                says(loser.figures()),
                says(better.figures()));
    }

    private static String says(Figures figures) {
        return String.format(
                Locale.ROOT,
                "%.3f of the lessons and %.3f of their views right, %.4f nats from the base",
                figures.exact(),
                figures.views(),
                figures.rawDriftNats());
    }

    /** A report as it is kept with a candidate of a contest. */
    static JsonNode noted(ExamReport report, Variation plan, boolean won, List<String> against) {
        var note = (ObjectNode) Notes.json(report);
        var rivals = note.putObject(FIELD).put("plan", plan.word()).put("won", won);
        against.forEach(rivals.putArray("against")::add);
        return note;
    }
}
