package dev.apprentice.learner.exam;

import dev.apprentice.learner.exam.ExamReport.Figures;
import dev.apprentice.learner.exam.Sitting.Beside;
import dev.apprentice.learner.exam.ValueExam.Found;
import dev.apprentice.learner.lesson.Lesson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an exam's answers mean: pure arithmetic over who was right (docs/learning.md). */
final class Judgement {
    /** So often few judged lessons look as if they had not been heard. */
    private static final double OPINIONS_DOUBT = 0.05;

    private final Candidate candidate;
    private final Sitting sitting;
    private final ExamPlan plan;
    private final Map<String, Boolean> passes = new LinkedHashMap<>();
    private final List<Lesson> lost = new ArrayList<>();
    private final List<String> notLearnt = new ArrayList<>();
    private final List<Boolean> freshViews = new ArrayList<>();
    private int gained;
    private int viewsGained;
    private int viewsLost;
    private int pinnedViewsLost;

    private Judgement(Candidate candidate, Sitting sitting, ExamPlan plan) {
        this.candidate = candidate;
        this.sitting = sitting;
        this.plan = plan;
        count();
        countViews();
    }

    static ExamReport of(Candidate candidate, Sitting sitting, Beside beside, ExamPlan plan) {
        return new Judgement(candidate, sitting, plan).report(beside);
    }

    private void count() {
        for (int i = 0; i < sitting.lessons().size(); i++) {
            var lesson = sitting.lessons().get(i);
            boolean before = sitting.before().get(i);
            boolean now = sitting.now().get(i);
            passes.put(lesson.id(), now);
            if (before && !now) {
                lost.add(lesson);
            } else if (now && !before) {
                gained++;
            }
            if (i < candidate.fresh().size() && !now) {
                notLearnt.add(lesson.id());
            }
        }
    }

    private void countViews() {
        for (int i = 0; i < sitting.views().size(); i++) {
            var lesson = sitting.views().get(i).lesson();
            boolean before = sitting.viewsBefore().get(i);
            boolean now = sitting.viewsNow().get(i);
            if (candidate.fresh().contains(lesson)) {
                freshViews.add(now);
            } else if (before && !now) {
                viewsLost++;
                pinnedViewsLost += lesson.pinned() ? 1 : 0;
            } else if (now && !before) {
                viewsGained++;
            }
        }
    }

    private ExamReport report(Beside beside) {
        double evidence = Evidence.of(gained, lost.size());
        var criteria = List.of(
                noRegression(),
                viewsKept(),
                learnt(),
                evident(evidence),
                local(beside.local()),
                near(beside.local().near()),
                reads(beside.context()),
                value(beside.value()),
                guarded(beside.local()),
                notVetoed(beside.policy()));
        var figures = new Figures(
                sitting.lessons().size(),
                candidate.fresh().size(),
                Exam.share(sitting.before()),
                Exam.share(sitting.now()),
                Exam.share(sitting.viewsBefore()),
                Exam.share(sitting.viewsNow()),
                Exam.share(sitting.viewsRecalled()),
                gained,
                evidence,
                sitting.gateOpen(),
                beside.local().closed(),
                beside.local().unchanged(),
                beside.local().drift(),
                beside.local().rawDrift(),
                beside.context().base(),
                beside.context().candidate());
        var lostIds = lost.stream().map(Lesson::id).toList();
        return new ExamReport(verdict(criteria), criteria, figures, passes, lostIds, notLearnt, candidate.look(), plan);
    }

    /** {@code report} with what judged answers demand, too. */
    static ExamReport judged(ExamReport report, Opinions opinions, Criterion sound) {
        var heard = heard(opinions, report.figures().fresh() == 0);
        var criteria = new ArrayList<>(report.criteria());
        criteria.add(heard);
        criteria.add(sound);
        var passes = new LinkedHashMap<>(report.passes());
        passes.putAll(opinions.holds());
        var notLearnt = new ArrayList<>(report.notLearnt());
        if (heard.fails()) {
            opinions.holds().entrySet().stream()
                    .filter(entry -> !entry.getValue())
                    .map(Map.Entry::getKey)
                    .forEach(notLearnt::add);
        }
        return new ExamReport(
                verdict(criteria),
                criteria,
                report.figures(),
                passes,
                report.lost(),
                notLearnt,
                report.look(),
                report.plan());
    }

    /**
     * Whether enough judged lessons moved the weights their way. Beside new lessons they have a small part of a study,
     * and few of them say little: there a candidate fails only where fewer moved than chance explains.
     */
    private static Criterion heard(Opinions opinions, boolean alone) {
        int all = opinions.holds().size();
        int moved = (int)
                opinions.holds().values().stream().filter(Boolean::booleanValue).count();
        double share = Exam.share(List.copyOf(opinions.holds().values()));
        boolean enough = share >= opinions.holdMin()
                || (!alone && Evidence.atMost(moved, all, opinions.holdMin()) > OPINIONS_DOUBT);
        return Criterion.of(
                "E2",
                enough,
                "moved the way of " + percent(share) + " of " + all + " judged lessons (wanted "
                        + percent(opinions.holdMin()) + (alone ? ")" : ", less by chance alone)"));
    }

    private static Verdict verdict(List<Criterion> criteria) {
        var failed =
                criteria.stream().filter(Criterion::fails).map(Criterion::id).toList();
        if (failed.isEmpty()) {
            return Verdict.PASSED;
        }
        return failed.contains("E1") || failed.contains("E2") ? Verdict.NOT_LEARNT : Verdict.TOO_FAR;
    }

    /** No lesson is lost, or fewer than are gained, and few even with what was lost before and not mended. */
    private Criterion noRegression() {
        int lessons = sitting.lessons().size();
        long pinned = lost.stream().filter(Lesson::pinned).count();
        var standing = new HashSet<String>();
        candidate.turnover().lost().stream()
                .filter(id -> Boolean.FALSE.equals(passes.get(id)))
                .forEach(standing::add);
        int before = standing.size();
        lost.forEach(lesson -> standing.add(lesson.id()));
        boolean few = lost.isEmpty() || (lost.size() < gained && standing.size() <= plan.lostMax() * lessons);
        var earlier = before == 0 ? "" : ", " + before + " more are lost since earlier checkpoints";
        return Criterion.of(
                "E1",
                pinned == 0 && few,
                "lost " + lost.size() + " of " + lessons + " lessons, " + pinned + " of them pinned" + earlier);
    }

    /**
     * One wording of one lesson may flip by chance, both ways: what counts is whether the old lessons' other wordings
     * got worse beyond chance. Of a pinned lesson none may.
     */
    private Criterion viewsKept() {
        double against = Evidence.of(viewsLost, viewsGained);
        double wanted = plan.evidence(candidate.look());
        return Criterion.of(
                "E1",
                pinnedViewsLost == 0 && against < wanted,
                String.format(
                        Locale.ROOT,
                        "of the old lessons' other wordings %d are lost (%d of pinned ones) and %d gained: evidence of a"
                                + " loss is %.1f (allowed below %.0f)",
                        viewsLost,
                        pinnedViewsLost,
                        viewsGained,
                        against,
                        wanted));
    }

    private Criterion learnt() {
        var exact = sitting.now().subList(0, candidate.fresh().size());
        double own = Exam.share(exact);
        double other = Exam.share(freshViews);
        boolean holds = own >= plan.exactMin() && (exact.size() < plan.viewsFrom() || other >= plan.viewsMin());
        return Criterion.of(
                "E2",
                holds,
                "learnt " + percent(own) + " of the new lessons in their own words (wanted "
                        + percent(plan.exactMin()) + ") and " + percent(other) + " in others (wanted "
                        + percent(plan.viewsMin()) + ")");
    }

    /**
     * Of few lessons with another result not even the best result would be evidence: there the share that is learnt and
     * what is lost must do, or whoever knows some new lessons already could never learn the others.
     */
    private Criterion evident(double evidence) {
        int differ = gained + lost.size();
        double wanted = plan.evidence(candidate.look());
        boolean enough = differ >= plan.discordantFrom() && Evidence.of(differ, 0) >= wanted;
        var says = String.format(
                Locale.ROOT,
                "evidence of a gain is %.1f (wanted %.0f at look %d)",
                evidence,
                wanted,
                candidate.look() + 1);
        return enough
                ? Criterion.of("E2", evidence >= wanted, says)
                : Criterion.notExamined(
                        "E2",
                        "only " + differ + " lessons differ from live: too few for evidence of "
                                + String.format(Locale.ROOT, "%.0f at look %d", wanted, candidate.look() + 1));
    }

    private Criterion local(Locality.Found found) {
        double budget = candidate.instance().policy().driftBudgetNats();
        boolean holds = found.unchanged() >= plan.unchangedMin() && found.leaks() == 0 && found.drift() <= budget;
        return Criterion.of(
                "E3",
                holds,
                String.format(
                        Locale.ROOT,
                        "%s of general answers unchanged (wanted %s), %d of them say a lesson's answer, drift %.4f nats a token"
                                + " (budget %.4f); %.4f with the gate forced open (told, not judged: should be below %.2f)",
                        percent(found.unchanged()),
                        percent(plan.unchangedMin()),
                        found.leaks(),
                        found.drift(),
                        budget,
                        found.rawDrift(),
                        plan.rawDriftMaxNats()));
    }

    private Criterion near(Locality.Near found) {
        return found.asked() == 0
                ? Criterion.notExamined("E3", "the lessons are no facts about a subject, so nothing is a near miss")
                : Criterion.of(
                        "E3",
                        found.changed() <= (1 - plan.unchangedMin()) * found.asked(),
                        found.changed() + " of " + found.asked()
                                + " near misses of facts are answered otherwise than before (wanted "
                                + percent(1 - plan.unchangedMin()) + " at most)");
    }

    private Criterion reads(InContext.Found found) {
        if (found.through() == 0) {
            return Criterion.of("E3", true, "no question about its own context reaches the adapter");
        }
        if (found.base() < plan.inContextFrom()) {
            return Criterion.notExamined(
                    "E3",
                    "the base itself answers only " + percent(found.base()) + " of the questions about a context");
        }
        double against = Evidence.of(found.lost(), found.gained());
        double wanted = plan.evidence(candidate.look());
        return Criterion.of(
                "E3",
                found.candidate() >= found.base() - plan.inContextLossMax() || against < wanted,
                String.format(
                        Locale.ROOT,
                        "%s of the questions about a context answered right (the base: %s), %d lost and %d gained:"
                                + " evidence of a loss is %.1f (allowed below %.0f)",
                        percent(found.candidate()),
                        percent(found.base()),
                        found.lost(),
                        found.gained(),
                        against,
                        wanted));
    }

    private Criterion value(Found outcome) {
        return switch (outcome) {
            case Found.NotExamined(var why) -> Criterion.notExamined("E4", why);
            case Found.Measured(var live, var now) -> {
                var says = String.format(
                        Locale.ROOT,
                        "on %d graded answers Brier %.3f and ECE %.3f",
                        now.outcomes(),
                        now.brier(),
                        now.ece());
                if (live == null) {
                    yield Criterion.of("E4", true, says + "; live has no value function to compare with");
                }
                boolean holds = now.brier() <= live.brier() + plan.brierWorseMax()
                        && now.ece() <= live.ece() + plan.eceWorseMax();
                yield Criterion.of(
                        "E4",
                        holds,
                        String.format(Locale.ROOT, "%s (live: %.3f and %.3f)", says, live.brier(), live.ece()));
            }
        };
    }

    private static Criterion guarded(Locality.Found found) {
        return Criterion.of(
                "E5",
                found.protectedChanged() == 0,
                found.protectedChanged() + " protected requests are answered otherwise");
    }

    /** Rated answers may speak against a candidate; that they speak for it is no reason to promote it. */
    private Criterion notVetoed(OffPolicy.Found found) {
        if (found.effective() < plan.effectiveMin()) {
            return Criterion.notExamined(
                    "E6",
                    String.format(
                            Locale.ROOT,
                            "the %d rated answers of the weights alone are worth %.1f (wanted %d)",
                            found.answers(),
                            found.effective(),
                            plan.effectiveMin()));
        }
        return Criterion.of(
                "E6",
                found.change() >= 0,
                String.format(
                        Locale.ROOT,
                        "%d rated answers, worth %.1f, say that the reward goes from %.3f to %.3f (change at most %+.3f)",
                        found.answers(),
                        found.effective(),
                        found.live(),
                        found.candidate(),
                        found.change()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
