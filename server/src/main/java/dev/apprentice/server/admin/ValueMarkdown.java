package dev.apprentice.server.admin;

import dev.apprentice.learner.value.Quality;
import dev.apprentice.learner.value.Standing;
import java.util.Locale;

/** What an instance knows of what it does not know, for a person. */
final class ValueMarkdown {
    private ValueMarkdown() {}

    static String of(Standing standing) {
        var page = new StringBuilder();
        switch (standing.state()) {
            case NOT_FITTED -> {
                return "Not fitted: too few graded answers yet, or all of them alike. No confidence is given.\n";
            }
            case FITTED -> page.append("Fitted, not calibrated: confidence is given and drives nothing.\n\n");
            case CALIBRATED -> page.append("Calibrated.\n\n");
        }
        page.append("| | answers | AUROC | ECE | Brier |\n|---|---|---|---|---|\n");
        row(page, "on answers left out", standing.quality());
        row(page, "as it was given out", standing.served());
        var certified = standing.certified();
        page.append(
                certified == null
                        ? "\nNo threshold is certified: the policy's `help_below` holds.\n"
                        : "\nAnswers below %.3f need help: of %d graded ones above it %d were wrong, at most %.1f%% with 95%% certainty.\n"
                                .formatted(
                                        certified.threshold(),
                                        certified.accepted(),
                                        certified.wrong(),
                                        100 * certified.bound()));
        page.append("\n| confidence | right | answers |\n|---|---|---|\n");
        for (var bin : standing.quality().table()) {
            page.append(String.format(
                    Locale.ROOT, "| %.2f | %.2f | %d |%n", bin.confidence(), bin.right(), bin.outcomes()));
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String what, Quality quality) {
        if (quality.outcomes() > 0) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.3f | %.3f |%n",
                    what,
                    quality.outcomes(),
                    quality.auroc(),
                    quality.ece(),
                    quality.brier()));
        }
    }
}
