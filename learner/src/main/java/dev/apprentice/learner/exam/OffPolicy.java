package dev.apprentice.learner.exam;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Questions;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.recall.RecallWish;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rated answers say of a candidate that never gave any: the doubly robust estimate (Dudík, Langford and Li 2011,
 * "Doubly Robust Policy Evaluation and Learning") of docs/learning.md. Each answer that live gave weighs as many times
 * as the candidate would give it more often, {@code w = min(10, pi(answer) / mu(answer))}, and {@code V = q + mean[w (r
 * - q)]}; without a value function q is the mean reward, which keeps it unbiased where the weights are not cut. It can
 * veto, and never promote.
 */
final class OffPolicy {
    /** No answer may count for more than ten. */
    private static final double WEIGHT_MAX = 10;

    /** Normal quantile of 95 %, one-sided. */
    private static final double SURE = 1.645;

    private final Base base;
    private final Recall recall;
    private final RewardLog log;

    OffPolicy(Base base, Recall recall, RewardLog log) {
        this.base = base;
        this.recall = recall;
        this.log = log;
    }

    /**
     * What was found.
     *
     * @param answers how many rated answers there are
     * @param effective how many they are worth: (sum of weights)^2 / sum of squares (Kong 1992)
     * @param live mean reward of the answers as they were given
     * @param candidate the estimate of what the candidate's would get
     * @param change upper bound, at 95 %, of candidate minus live
     */
    record Found(int answers, double effective, double live, double candidate, double change) {
        static final Found NOTHING = new Found(0, 0, 0, 0, 0);

        static Found of(List<Double> weights, List<Double> rewards) {
            int n = weights.size();
            if (n == 0) {
                return NOTHING;
            }
            double sum = weights.stream().mapToDouble(w -> w).sum();
            double squares = weights.stream().mapToDouble(w -> w * w).sum();
            double mean = rewards.stream().mapToDouble(r -> r).average().orElse(0);
            double change = 0;
            for (int i = 0; i < n; i++) {
                change += (weights.get(i) - 1) * (rewards.get(i) - mean) / n;
            }
            double spread = 0;
            for (int i = 0; i < n; i++) {
                spread += Math.pow((weights.get(i) - 1) * (rewards.get(i) - mean) - change, 2);
            }
            double error = n < 2 ? Double.MAX_VALUE : Math.sqrt(spread / (n - 1) / n);
            return new Found(
                    n, squares == 0 ? 0 : sum * sum / squares, mean, mean + change, Math.min(1, change + SURE * error));
        }
    }

    /** Estimates from the answers of what serves now. */
    Found look(Candidate candidate) throws InterruptedException {
        var instance = candidate.instance();
        var live = candidate.live();
        var scored = new ArrayList<RewardLog.Rewarded>();
        var requests = new ArrayList<GenerationRequest>();
        for (var rewarded : log.rewarded(instance.id(), live == null ? 0 : live.number())) {
            var request = request(candidate, rewarded);
            if (request != null) {
                scored.add(rewarded);
                requests.add(request);
            }
        }
        var read = Questions.ask(base, requests);
        var weights = new ArrayList<Double>();
        for (int i = 0; i < scored.size(); i++) {
            var tokens = read.get(i).scored();
            int answer = scored.get(i).tokens().length;
            double logprob = tokens.subList(tokens.size() - answer, tokens.size()).stream()
                    .mapToDouble(token -> token.logprob())
                    .sum();
            weights.add(Math.min(WEIGHT_MAX, Math.exp(logprob - scored.get(i).logprob())));
        }
        return Found.of(weights, scored.stream().map(RewardLog.Rewarded::reward).toList());
    }

    /** How the candidate's weights read prompt and answer; null where the prompt would be another one today. */
    private @Nullable GenerationRequest request(Candidate candidate, RewardLog.Rewarded rewarded) {
        var instance = candidate.instance();
        var prompt = base.prompt(Conversation.under(instance.systemPrompt(), rewarded.messages()), rewarded.tools());
        int length = prompt.length + rewarded.tokens().length;
        if (prompt.length != rewarded.promptTokens()
                || rewarded.tokens().length == 0
                || length > base.contextTokens()) {
            return null;
        }
        var all = new int[length];
        System.arraycopy(prompt, 0, all, 0, prompt.length);
        System.arraycopy(rewarded.tokens(), 0, all, prompt.length, rewarded.tokens().length);
        var served = recall.recall(
                instance.id(),
                rewarded.messages(),
                rewarded.tools(),
                RecallWish.gateOnly().by(candidate.fit()));
        AdapterRef by = served.familiar() ? candidate.adapter() : null;
        return GenerationRequest.of(all, SamplingParams.greedy(0)).by(by).scored(true);
    }
}
