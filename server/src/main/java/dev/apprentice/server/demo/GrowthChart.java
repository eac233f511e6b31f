package dev.apprentice.server.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws what a demonstration measured, for a terminal. */
final class GrowthChart {
    private static final int HEIGHT = 10;
    private static final int WINDOW = 6;
    private static final int BAR = 40;

    private GrowthChart() {}

    static List<String> of(Growth growth) {
        var lines = new ArrayList<String>();
        lines.add("Right at the first try, before the correction (mean of the last " + WINDOW + " messages):");
        lines.addAll(curve(growth.asked()));
        lines.add("");
        lines.add("Messages it has never seen:");
        lines.add(bar("before", growth.before()));
        lines.add(bar("recall, at once", growth.recall()));
        lines.add(bar("weights alone", growth.weights()));
        lines.add(bar("both, as served", growth.both()));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "Taught in %d s, learnt in %d s more; %d of %d general questions are answered as before.",
                Math.round(growth.taughtMillis() / 1000.0),
                Math.round(growth.studiedMillis() / 1000.0),
                growth.unchanged(),
                growth.general()));
        return lines;
    }

    private static List<String> curve(List<Boolean> asked) {
        var lines = new ArrayList<String>();
        for (int level = HEIGHT; level > 0; level--) {
            var line = new StringBuilder(String.format(Locale.ROOT, "%4d%% |", level * 100 / HEIGHT));
            for (int i = 0; i < asked.size(); i++) {
                line.append(mean(asked, i) * HEIGHT >= level - 0.5 ? " ██" : "   ");
            }
            lines.add(line.toString());
        }
        lines.add("   0% +" + "-".repeat(3 * asked.size()));
        var axis = new StringBuilder("       ");
        for (int i = 1; i <= asked.size(); i++) {
            axis.append(i == 1 || i % 6 == 0 ? String.format(Locale.ROOT, "%3d", i) : "   ");
        }
        lines.add(axis + "  messages");
        return lines;
    }

    private static double mean(List<Boolean> asked, int last) {
        var window = asked.subList(Math.max(0, last - WINDOW + 1), last + 1);
        return window.stream().filter(right -> right).count() / (double) window.size();
    }

    private static String bar(String name, double share) {
        int filled = (int) Math.round(share * BAR);
        return String.format(
                Locale.ROOT, "  %-16s %s%s %5.1f%%", name, "█".repeat(filled), "·".repeat(BAR - filled), share * 100);
    }
}
