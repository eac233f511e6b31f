package dev.apprentice.server.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of the same cases over several rounds; of each the median counts, since a shared machine has bad moments. */
final class Rounds {
    private final Map<Map<String, Object>, Map<String, List<Double>>> cases = new LinkedHashMap<>();

    void add(Map<String, Object> which, Map<String, Double> figures) {
        var known = cases.computeIfAbsent(which, _ -> new LinkedHashMap<>());
        figures.forEach((name, figure) ->
                known.computeIfAbsent(name, _ -> new ArrayList<>()).add(figure));
    }

    List<Map<String, Object>> medians() {
        var rows = new ArrayList<Map<String, Object>>();
        cases.forEach((which, figures) -> {
            var row = new LinkedHashMap<>(which);
            figures.forEach((name, all) -> row.put(name, median(all)));
            rows.add(row);
        });
        return rows;
    }

    private static double median(List<Double> all) {
        var sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
