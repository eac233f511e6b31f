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
            page.append("\nJudged answers, from which the weights learn too: ")
                    .append(report.opinions().entrySet().stream()
                            .map(each ->
                                    each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        if (!report.toDecide().isEmpty()) {
            page.append("\n## To decide\n\nThese lessons contradict others and wait for a person:\n\n");
            report.toDecide().forEach(held -> page.append("- %s %s%n".formatted(held.lesson(), held.reason())));
        }
        if (!report.perhapsOutdated().isEmpty()) {
            page.append(
                    "\n## Perhaps outdated\n\nThese lessons act as before; correct or withdraw those that are wrong:\n\n");
            report.perhapsOutdated().forEach(old -> page.append("- %s %s%n".formatted(old.lesson(), old.reason())));
        }
        page.append("\n## Growth: how answers did before their correction taught anything\n\n")
                .append(growth(report.growth()));
        page.append("\n## Exams\n\n").append(exams(report.past()));
        page.append("\n## Live traffic\n\n").append(trials(report.past()));
        page.append("\n## Drift\n\n").append(drift(report.past().drift()));
        page.append("\n## Lessons that candidates lose\n\n").append(losses(report.past()));
        page.append("\n## Confidence\n\n").append(ValueMarkdown.of(report.value()));
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

    private static String exams(Report.Past past) {
        if (past.exams().isEmpty()) {
            return "No candidate has been examined yet.\n";
        }
        var table = new StringBuilder(
                "| candidate | made by | look | verdict | why, and what was not examined |\n|---|---|---|---|---|\n");
        for (var exam : past.exams()) {
            var name = exam.checkpoint() == null ? exam.candidate() : "checkpoint " + exam.checkpoint();
            var origin = exam.rival() == null ? exam.origin() : exam.origin() + ", " + exam.rival();
            var words = Stream.concat(Stream.of(exam.reason()), exam.notExamined().stream())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("; "));
            table.append("| %s | %s | %d | %s | %s |%n"
                    .formatted(name, origin.replace('_', ' '), exam.look(), exam.verdict(), cell(words)));
        }
        if (!past.rivals().isEmpty()) {
            table.append("\nPlans that competed: ")
                    .append(past.rivals().stream()
                            .map(plan -> "%s won %d and lost %d"
                                    .formatted(plan.plan().replace('_', ' '), plan.won(), plan.lost()))
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        return table.toString();
    }

    private static String trials(Report.Past past) {
        if (past.trials().isEmpty()) {
            return "No checkpoint was tried on live traffic.\n";
        }
        var table = new StringBuilder(
                "| checkpoint | as | against | since | outcome | what was found |\n|---|---|---|---|---|---|\n");
        for (var trial : past.trials()) {
            table.append("| %d | %s | %d | %s | %s | %s |%n"
                    .formatted(
                            trial.checkpoint(),
                            trial.kind(),
                            trial.against(),
                            trial.began(),
                            trial.outcome() == null
                                    ? "goes on"
                                    : trial.outcome().replace('_', ' '),
                            cell(trial.says())));
        }
        return table.toString();
    }

    private static String drift(Report.@Nullable Drift drift) {
        return drift == null
                ? "The live checkpoint sat no exam, so its distance from the base was not measured.\n"
                : String.format(
                        Locale.ROOT,
                        "On general answers the live checkpoint is %.4f nats a token from the base as served, %.4f with the"
                                + " gate forced open; %.0f%% of them are as the base's.%n",
                        drift.nats(),
                        drift.rawNats(),
                        100 * drift.unchanged());
    }

    private static String losses(Report.Past past) {
        var page = new StringBuilder();
        if (past.losses().isEmpty()) {
            page.append("None.\n");
        } else {
            page.append("| lesson | candidates that lost it | lost now |\n|---|---|---|\n");
            past.losses()
                    .forEach(loss -> page.append("| %s | %d | %s |%n"
                            .formatted(loss.lesson(), loss.times(), loss.lostNow() ? "yes" : "no")));
        }
        int stale = past.withdrawnInWeights().size();
        return page.append(
                        stale == 0
                                ? ""
                                : "%n%d lessons were taken back and are in the live weights still: a rebuild takes them out.%n"
                                        .formatted(stale))
                .toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
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
