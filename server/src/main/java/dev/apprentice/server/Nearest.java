package dev.apprentice.server;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
final class Nearest {
    private static final int EDITS_MAX = 3;

    private Nearest() {}

    /** The name of {@code names} that is at most three edits away, the nearest first. */
    static Optional<String> to(String word, Collection<String> names) {
        return names.stream()
                .filter(name -> edits(word, name) <= EDITS_MAX)
                .min(Comparator.comparingInt((String name) -> edits(word, name)).thenComparing(name -> name));
    }

    /** Levenshtein's distance, row by row. */
    static int edits(String left, String right) {
        var row = new int[right.length() + 1];
        for (var j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (var i = 1; i <= left.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.length; j++) {
                var change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
