package dev.apprentice.learner.exam;

import dev.apprentice.learner.exam.Exam.Question;
import dev.apprentice.learner.exam.ExamReport.Figures;
import dev.apprentice.learner.lesson.Lesson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** What an exam's answers mean: pure arithmetic over who was right. */
final class Judgement {
    private Judgement() {}

    static ExamReport of(
            Candidate candidate,
            List<Lesson> lessons,
            List<Question> views,
            List<Boolean> before,
            List<Boolean> now,
            List<Boolean> viewsNow,
            List<Boolean> viewsRecalled,
            double gateOpen,
            Locality.Found found,
            ExamPlan plan) {
        var passes = new LinkedHashMap<String, Boolean>();
        var lost = new ArrayList<Lesson>();
        var notLearnt = new ArrayList<String>();
        int gained = 0;
        int fresh = candidate.fresh().size();
        for (int i = 0; i < lessons.size(); i++) {
            var lesson = lessons.get(i);
            passes.put(lesson.id(), now.get(i));
            if (before.get(i) && !now.get(i)) {
                lost.add(lesson);
            } else if (now.get(i) && !before.get(i)) {
                gained++;
            }
            if (i < fresh && !now.get(i)) {
                notLearnt.add(lesson.id());
            }
        }
        var freshViews = new ArrayList<Boolean>();
        for (int i = 0; i < views.size(); i++) {
            if (candidate.fresh().contains(views.get(i).lesson())) {
                freshViews.add(viewsNow.get(i));
            }
        }
        double evidence = Evidence.of(gained, lost.size());
        var criteria = List.of(
                noRegression(lost, gained, lessons.size(), plan),
                learnt(now.subList(0, fresh), freshViews, plan),
                evident(gained, lost.size(), evidence, candidate.look(), plan),
                local(found, candidate, plan),
                guarded(found));
        var figures = new Figures(
                lessons.size(),
                fresh,
                Exam.share(before),
                Exam.share(now),
                Exam.share(viewsNow),
                Exam.share(viewsRecalled),
                gained,
                evidence,
                gateOpen,
                found.closed(),
                found.unchanged(),
                found.drift(),
                found.rawDrift());
        var lostIds = lost.stream().map(Lesson::id).toList();
        return new ExamReport(verdict(criteria), criteria, figures, passes, lostIds, notLearnt, plan);
    }

    private static Verdict verdict(List<Criterion> criteria) {
        var failed =
                criteria.stream().filter(c -> !c.holds()).map(Criterion::id).toList();
        if (failed.isEmpty()) {
            return Verdict.PASSED;
        }
        return failed.contains("E1") || failed.contains("E2") ? Verdict.NOT_LEARNT : Verdict.TOO_FAR;
    }

    private static Criterion noRegression(List<Lesson> lost, int gained, int lessons, ExamPlan plan) {
        long pinned = lost.stream().filter(Lesson::pinned).count();
        boolean few = lost.isEmpty() || (lost.size() < gained && lost.size() <= plan.lostMax() * lessons);
        return new Criterion(
                "E1",
                pinned == 0 && few,
                "lost " + lost.size() + " of " + lessons + " lessons, " + pinned + " of them pinned");
    }

    private static Criterion learnt(List<Boolean> exact, List<Boolean> views, ExamPlan plan) {
        double own = Exam.share(exact);
        double other = Exam.share(views);
        boolean holds = own >= plan.exactMin() && (exact.size() < plan.viewsFrom() || other >= plan.viewsMin());
        return new Criterion(
                "E2",
                holds,
                "learnt " + percent(own) + " of the new lessons in their own words (wanted "
                        + percent(plan.exactMin()) + ") and " + percent(other) + " in others (wanted "
                        + percent(plan.viewsMin()) + ")");
    }

    private static Criterion evident(int gained, int lost, double evidence, int look, ExamPlan plan) {
        boolean enough = gained + lost >= plan.discordantFrom();
        double wanted = plan.evidence(look);
        return new Criterion(
                "E2",
                !enough || evidence >= wanted,
                String.format(Locale.ROOT, "evidence of a gain is %.1f (wanted %.0f)", evidence, wanted));
    }

    private static Criterion local(Locality.Found found, Candidate candidate, ExamPlan plan) {
        double budget = candidate.instance().policy().driftBudgetNats();
        boolean holds = found.unchanged() >= plan.unchangedMin() && found.leaks() == 0 && found.drift() <= budget;
        return new Criterion(
                "E3",
                holds,
                String.format(
                        Locale.ROOT,
                        "%s of general answers unchanged (wanted %s), %d of them say a lesson's answer, drift %.4f nats a token"
                                + " (budget %.4f)",
                        percent(found.unchanged()),
                        percent(plan.unchangedMin()),
                        found.leaks(),
                        found.drift(),
                        budget));
    }

    private static Criterion guarded(Locality.Found found) {
        return new Criterion(
                "E5",
                found.protectedChanged() == 0,
                found.protectedChanged() + " protected requests are answered otherwise");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
