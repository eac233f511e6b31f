package dev.apprentice.server.admin;

import dev.apprentice.learner.Report;
import dev.apprentice.learner.Report.Growth;
import dev.apprentice.learner.lesson.LessonState;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A report for a person. */
final class ReportMarkdown {
    private ReportMarkdown() {}

    static String of(Report report) {
        var page = new StringBuilder("# Report of `").append(report.instance()).append("`\n\n");
        page.append(serving(report)).append("\n\n## Lessons\n\n");
        var total =
                report.lessons().values().stream().mapToInt(Integer::intValue).sum();
        if (total == 0) {
            page.append("None yet.\n");
        } else {
            page.append("| state | lessons |\n|---|---|\n");
            Stream.of(LessonState.values())
                    .filter(state -> report.lessons().getOrDefault(state, 0) > 0)
                    .forEach(state -> page.append("| %s | %d |%n"
                            .formatted(
                                    state.name().toLowerCase(Locale.ROOT),
                                    report.lessons().get(state))));
        }
        if (!report.opinions().isEmpty()) {
            page.append("\nOpinions, which nothing is trained on yet: ")
                    .append(report.opinions().entrySet().stream()
                            .map(each ->
                                    each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        page.append("\n## Growth: how answers did before their correction taught anything\n\n")
                .append(growth(report.growth()));
        page.append("\n## Last exam\n\n").append(exam(report.lastExam()));
        return page.toString();
    }

    private static String serving(Report report) {
        var serving = report.servingCheckpoint() == 0 ? "the bare base" : "checkpoint " + report.servingCheckpoint();
        var told = "Answers come from " + serving + "; " + report.checkpoints() + " checkpoints have been made.";
        return report.servingCheckpoint() == report.liveCheckpoint()
                ? told
                : told + " Checkpoint " + report.liveCheckpoint() + " is to be live and **cannot be served**.";
    }

    private static String growth(Growth growth) {
        if (growth.tested() == 0) {
            return "No corrected answer could be judged yet.\n";
        }
        return """
                | answers | right (newer ones weigh more) |
                |---|---|
                | all %d that were judged | %s |
                | those that recall acted on | %s |
                | those from the weights alone | %s |
                """.formatted(growth.tested(), share(growth.right()), share(growth.recall()), share(growth.weights()));
    }

    private static String exam(Report.@Nullable Exam exam) {
        if (exam == null) {
            return "No candidate has been examined yet.\n";
        }
        var name = exam.number() == null ? exam.candidate() : "checkpoint " + exam.number();
        return "%s on %s:%n%n```json%n%s%n```%n"
                .formatted(name, exam.at(), exam.result().toPrettyString());
    }

    private static String share(@Nullable Double share) {
        return share == null ? "none" : String.format(Locale.ROOT, "%.0f%%", share * 100);
    }
}
