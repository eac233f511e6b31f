package dev.apprentice.server.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Figures that belong together.
 *
 * @param name under which they stand in JSON
 * @param title what they are, for a person
 * @param rows each the same columns in the same order: text, or a number that is a measurement
 */
public record Table(String name, String title, List<Map<String, Object>> rows) {
    private static final int WHOLE_FROM = 100;

    /** Keeps an unmodifiable copy of {@code rows}. */
    public Table {
        rows = List.copyOf(rows);
    }

    /** Drawn for a terminal, or for a page of Markdown, which reads the same. */
    public List<String> lines() {
        if (rows.isEmpty()) {
            return List.of(title, "", "(nothing was measured)");
        }
        var lines = new ArrayList<>(List.of(title, ""));
        var columns = List.copyOf(rows.getFirst().keySet());
        var cells = new ArrayList<List<String>>();
        cells.add(columns.stream().map(column -> column.replace('_', ' ')).toList());
        for (var row : rows) { // the same columns in the same order
            cells.add(row.values().stream().map(Table::text).toList());
        }
        var widths = IntStream.range(0, columns.size())
                .mapToObj(c -> cells.stream()
                        .mapToInt(row -> row.get(c).length())
                        .max()
                        .orElse(0))
                .toList();
        var figures =
                rows.getFirst().values().stream().map(Number.class::isInstance).toList();
        cells.forEach(row -> lines.add(line(row, widths, figures)));
        lines.add(3, rule(widths, figures)); // under the heads
        return lines;
    }

    private static String line(List<String> cells, List<Integer> widths, List<Boolean> figures) {
        var line = new StringBuilder("|");
        for (int c = 0; c < cells.size(); c++) {
            var padding = " ".repeat(widths.get(c) - cells.get(c).length());
            line.append(' ')
                    .append(figures.get(c) ? padding + cells.get(c) : cells.get(c) + padding)
                    .append(" |");
        }
        return line.toString();
    }

    private static String rule(List<Integer> widths, List<Boolean> figures) {
        var line = new StringBuilder("|");
        for (int c = 0; c < widths.size(); c++) {
            line.append("-".repeat(widths.get(c) + 1))
                    .append(figures.get(c) ? ":" : "-")
                    .append('|');
        }
        return line.toString();
    }

    private static String text(Object value) {
        return value instanceof Double number
                ? String.format(Locale.ROOT, Math.abs(number) >= WHOLE_FROM ? "%.0f" : "%.2f", number)
                : String.valueOf(value);
    }
}
