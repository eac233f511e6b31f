package dev.apprentice.learner.study;

import static dev.apprentice.learner.study.PlanCheck.check;

import dev.apprentice.engine.model.LoraAdapter;
import dev.apprentice.engine.model.LoraModule;
import dev.apprentice.engine.training.AdapterPlan;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a study goes: Plan A of docs/learning.md, measured there. It is stored with the checkpoint that it made.
 *
 * @param rank of the adapter; interference, not capacity, is the limit of few lessons
 * @param alpha over rank scales the update (Hu et al. 2021, §4.1)
 * @param dropout on the adapter's input (without it .68 of unseen requests right, with it .70 to .85)
 * @param fromDepth share of the layers, from below, that carry none (what makes the base general is low)
 * @param rate AdamW's learning rate for a base of {@code rateParameters}
 * @param rateParameters see {@code rate}; ten times as many halve it
 * @param warmupSteps from zero to the rate
 * @param finalRate share of the rate that is left at the end, linearly
 * @param rows how many lessons a step reads
 * @param oldShare least share of them that is replayed, where there are old lessons; 0 replays none
 * @param wordDropout share of a request's free words left out each time
 * @param viewShare how often a view is read in the request's place
 * @param passesMin how often each new lesson is read at least before the rate falls
 * @param passesMax how often at most
 * @param passesLast how often while it falls (12 to 24 passes in all)
 * @param learntNats mean surprise per answer token, in nats, below which lessons count as learnt and the rate may fall
 * @param stepsMin fewest steps before the rate falls, so that a single lesson is learnt
 * @param stepsLast fewest steps while it falls
 * @param loneRows how many readings of one lesson a step has at most
 * @param anchorRows how many general prompts a step reads beside the lessons
 * @param anchorTokens how many tokens of the base's own answer to each
 * @param anchorBest how many of the base's best tokens are compared at each place
 * @param anchorWeight of the KL to the base, at first
 * @param anchorTargetNats KL per token that the weight is steered to
 * @param anchorWeightMin smallest weight
 * @param anchorWeightMax largest weight
 * @param anchorEvery steps between two looks at the weight
 * @param leaveOutFrom from how many new lessons on some are left out for a while, to judge by
 * @param leaveOutOneIn which part of them
 * @param regressorWeight how many times as often a lesson is replayed that a candidate lost
 * @param retries how often a candidate that failed is tried again
 */
public record StudyPlan(
        int rank,
        double alpha,
        double dropout,
        double fromDepth,
        double rate,
        double rateParameters,
        int warmupSteps,
        double finalRate,
        int rows,
        double oldShare,
        double wordDropout,
        double viewShare,
        int passesMin,
        int passesMax,
        int passesLast,
        double learntNats,
        int stepsMin,
        int stepsLast,
        int loneRows,
        int anchorRows,
        int anchorTokens,
        int anchorBest,
        double anchorWeight,
        double anchorTargetNats,
        double anchorWeightMin,
        double anchorWeightMax,
        int anchorEvery,
        int leaveOutFrom,
        int leaveOutOneIn,
        int regressorWeight,
        int retries) {

    private static final Pattern LAYER = Pattern.compile("\\.layers\\.(\\d+)\\.");

    /** How many linear maps a layer has: an adapter plan's adapters change them all. */
    private static final int MAPS = 7;

    /** Plan A. */
    public static final StudyPlan DEFAULT = new StudyPlan(
            16, 32, 0.1, 0.4, 1e-3, 0.135e9, 5, 0.1, 6, 1.0 / 3, 0.15, 0.3, 6, 18, 6, 0.1, 8, 4, 2, 2, 12, 64, 0.2,
            0.01, 0.01, 1.0, 10, 10, 5, 4, 2);

    public StudyPlan {
        check(fromDepth >= 0 && fromDepth < 1, "fromDepth", "from 0 to below 1");
        check(rate > 0, "rate", "above 0");
        check(rateParameters > 0, "rateParameters", "above 0");
        check(warmupSteps >= 1, "warmupSteps", "at least 1");
        check(finalRate > 0 && finalRate <= 1, "finalRate", "above 0 and up to 1");
        check(rows >= 1, "rows", "at least 1");
        check(oldShare >= 0 && oldShare < 1, "oldShare", "from 0 to below 1");
        check(wordDropout >= 0 && wordDropout < 1, "wordDropout", "from 0 to below 1");
        check(viewShare >= 0 && viewShare <= 1, "viewShare", "from 0 to 1");
        check(passesMin >= 1, "passesMin", "at least 1");
        check(passesMax >= passesMin, "passesMax", "at least passesMin");
        check(passesLast >= 1, "passesLast", "at least 1");
        check(learntNats > 0, "learntNats", "above 0");
        check(stepsMin >= 1, "stepsMin", "at least 1");
        check(stepsLast >= 1, "stepsLast", "at least 1");
        check(loneRows >= 1, "loneRows", "at least 1");
        check(anchorRows >= 0, "anchorRows", "at least 0");
        check(anchorTokens >= 1, "anchorTokens", "at least 1");
        check(anchorBest >= 1, "anchorBest", "at least 1");
        check(anchorTargetNats > 0, "anchorTargetNats", "above 0");
        check(anchorWeightMin > 0 && anchorWeightMin <= anchorWeight, "anchorWeightMin", "above 0, up to the weight");
        check(anchorWeightMax >= anchorWeight, "anchorWeightMax", "at least the weight");
        check(anchorEvery >= 1, "anchorEvery", "at least 1");
        check(leaveOutFrom >= 2, "leaveOutFrom", "at least 2");
        check(leaveOutOneIn >= 2, "leaveOutOneIn", "at least 2");
        check(regressorWeight >= 1, "regressorWeight", "at least 1");
        check(retries >= 0, "retries", "at least 0");
    }

    /** The same without replay: a study reads nothing but what is new to the weights. */
    public StudyPlan withoutReplay() {
        return with(rate, dropout, 0);
    }

    /** The adapter on a base of {@code layers}. */
    public AdapterPlan adapter(int layers) {
        int from = Math.min(layers - 1, (int) Math.ceil(fromDepth * layers));
        return new AdapterPlan(rank, alpha, dropout, from, layers);
    }

    /** The same at another pace, with another share of dropout and of old lessons. */
    StudyPlan with(double rate, double dropout, double oldShare) {
        return copy(rank, alpha, dropout, fromDepth, rate, oldShare);
    }

    /** The same for an adapter of another shape, whose updates are scaled as before. */
    StudyPlan shaped(int rank, double fromDepth) {
        return copy(rank, alpha / this.rank * rank, dropout, fromDepth, rate, oldShare);
    }

    /** The same in the shape of {@code live}, if that is one that a plan can have: a rival may have won it. */
    StudyPlan like(@Nullable LoraAdapter live, int layers) {
        if (live == null || live.modules().isEmpty()) {
            return this;
        }
        int lowest = lowest(live);
        var ranks = live.modules().values().stream()
                .map(LoraModule::rank)
                .distinct()
                .toList();
        boolean whole = ranks.size() == 1 && live.modules().size() == (layers - lowest) * MAPS;
        return whole ? shaped(ranks.getFirst(), from(lowest, layers)) : this;
    }

    /** The same down to the lowest layer that {@code start} changes: nothing of it may be left out. */
    StudyPlan reaching(@Nullable LoraAdapter start, int layers) {
        if (start == null || start.modules().isEmpty()) {
            return this;
        }
        int lowest = lowest(start);
        return lowest < adapter(layers).fromLayer() ? shaped(rank, from(lowest, layers)) : this;
    }

    /** The depth under which an adapter begins with {@code layer}; this plan's, if it does so already. */
    private double from(int layer, int layers) {
        return adapter(layers).fromLayer() == layer ? fromDepth : Math.max(0, layer - 0.5) / layers;
    }

    private static int lowest(LoraAdapter adapter) {
        return adapter.modules().keySet().stream()
                .mapToInt(StudyPlan::layer)
                .min()
                .orElseThrow();
    }

    private static int layer(String path) {
        var found = LAYER.matcher(path);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    private StudyPlan copy(int rank, double alpha, double dropout, double fromDepth, double rate, double oldShare) {
        return new StudyPlan(
                rank,
                alpha,
                dropout,
                fromDepth,
                rate,
                rateParameters,
                warmupSteps,
                finalRate,
                rows,
                oldShare,
                wordDropout,
                viewShare,
                passesMin,
                passesMax,
                passesLast,
                learntNats,
                stepsMin,
                stepsLast,
                loneRows,
                anchorRows,
                anchorTokens,
                anchorBest,
                anchorWeight,
                anchorTargetNats,
                anchorWeightMin,
                anchorWeightMax,
                anchorEvery,
                leaveOutFrom,
                leaveOutOneIn,
                regressorWeight,
                retries);
    }

    /** The learning rate at {@code stage} on a base of {@code parameters}: warm-up, then constant, then falling. */
    double rate(Pace.Stage stage, long parameters) {
        double sized = rate * Math.pow(0.5, Math.log10(parameters / rateParameters));
        double warm = Math.min(1, (stage.step() + 1) / (double) warmupSteps);
        return sized * warm * (finalRate + (1 - finalRate) * stage.left());
    }
}
