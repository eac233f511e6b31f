package dev.apprentice.learner.study;

import static dev.apprentice.learner.study.PlanCheck.check;

import dev.apprentice.learner.lesson.LessonKind;

/**
 * How a study learns from judged answers (docs/learning.md). It is stored with the checkpoint that it made.
 *
 * @param beta how dear distance from the reference is, of preferences and of thumbs
 * @param smoothing how probable a preference is the wrong way round where its teacher is trusted little
 * @param likelihood of the chosen answer's own surprise beside its preference
 * @param gradedLength what rewarded answers' log-probabilities are divided by, in tokens
 * @param advantageMin below it, either way, a reward says nothing
 * @param items how many judged answers, or pairs, a step reads
 * @param every at each how manieth step of a study of lessons judged answers are read, too
 * @param share of a study's rate that judged answers have
 * @param downsShare of it where all there is are thumbs down
 * @param enoughNats by how many nats an answer's log-probability, or a pair's margin, has to move to be left alone
 * @param knownNats mean surprise per token below which a good answer is left alone
 * @param pointOver how many mismatched answers the reference point of thumbs is the mean of
 * @param ratingsShare largest share of ratings, critiques and next turns in what a study learns from
 * @param teacherShare largest share of one teacher, where there are enough others
 * @param echoShare share of an answer's five-word runs that may stand in its request, for its rating to count (section
 *     7)
 * @param holdMin share of the judged lessons that must have moved the weights their way
 */
public record OpinionPlan(
        double beta,
        double smoothing,
        double likelihood,
        double gradedLength,
        double advantageMin,
        int items,
        int every,
        double share,
        double downsShare,
        double enoughNats,
        double knownNats,
        int pointOver,
        double ratingsShare,
        double teacherShare,
        double echoShare,
        double holdMin) {

    /** As docs/learning.md has them. */
    public static final OpinionPlan DEFAULT =
            new OpinionPlan(0.1, 0.1, 1, 32, 0.05, 4, 4, 0.1, 0.3, 5, 0.1, 64, 0.25, 0.2, 0.5, 0.6);

    public OpinionPlan {
        check(beta > 0, "beta", "above 0");
        check(smoothing >= 0 && smoothing < 0.5, "smoothing", "from 0 to below 0.5");
        check(likelihood >= 0, "likelihood", "at least 0");
        check(gradedLength > 0, "gradedLength", "above 0");
        check(advantageMin >= 0, "advantageMin", "at least 0");
        check(items >= 1, "items", "at least 1");
        check(every >= 1, "every", "at least 1");
        check(share > 0 && share <= 1, "share", "above 0 and up to 1");
        check(downsShare > 0 && downsShare <= 1, "downsShare", "above 0 and up to 1");
        check(enoughNats > 0, "enoughNats", "above 0");
        check(knownNats > 0, "knownNats", "above 0");
        check(pointOver >= 1, "pointOver", "at least 1");
        check(ratingsShare > 0 && ratingsShare < 1, "ratingsShare", "between 0 and 1");
        check(teacherShare > 0 && teacherShare <= 1, "teacherShare", "above 0 and up to 1");
        check(echoShare >= 0 && echoShare <= 1, "echoShare", "from 0 to 1");
        check(holdMin >= 0 && holdMin <= 1, "holdMin", "from 0 to 1");
    }

    /** How much one word of a kind weighs. */
    static double weight(LessonKind kind) {
        return switch (kind) {
            case CORRECTION, EXAMPLE -> 1;
            case PREFERENCE, REWARD -> 0.7;
            case RATING, CRITIQUE -> 0.3;
            case IMPLICIT -> 0.1;
        };
    }

    /**
     * Whether a kind is a mere thumb, given or guessed: however many there are, they are no reason for a study, nor
     * most of one.
     */
    static boolean thumb(LessonKind kind) {
        return switch (kind) {
            case RATING, CRITIQUE, IMPLICIT -> true;
            case CORRECTION, EXAMPLE, PREFERENCE, REWARD -> false;
        };
    }
}
