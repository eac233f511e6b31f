package dev.apprentice.learner.exam;

import dev.apprentice.engine.adapter.AdapterRef;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.GenerationRequest;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Questions;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a candidate that learnt from judged answers still talks sense to those who judged (docs/learning.md): what is
 * pushed away too hard falls silent, says the same words over and over, or does not end.
 */
final class Soundness {
    private static final int REQUESTS = 16;
    private static final int TOKENS = 96;

    /** Of live's different pairs of words, how much must be left. */
    private static final double VARIETY_MIN = 0.7;

    /** How much more often than live an answer may have no end. */
    private static final double ENDLESS_MORE = 0.25;

    private final Base base;

    Soundness(Base base) {
        this.base = base;
    }

    Criterion look(Candidate candidate) throws InterruptedException {
        var live = candidate.live();
        var before = said(candidate, live == null ? null : live.adapter());
        var now = said(candidate, candidate.adapter());
        double silent = share(now, Soundness::silent) - share(before, Soundness::silent);
        double endless = share(now, Soundness::endless) - share(before, Soundness::endless);
        double variety = variety(now) / Math.max(1e-9, variety(before));
        boolean holds = silent <= 0 && endless <= ENDLESS_MORE && variety >= VARIETY_MIN;
        return Criterion.of(
                "E3",
                holds,
                String.format(
                        Locale.ROOT,
                        "on judged requests %.0f%% more answers than before are empty, %.0f%% more have no end, and"
                                + " different pairs of words are %.0f%% of what they were (wanted %.0f%%)",
                        100 * silent,
                        100 * endless,
                        100 * variety,
                        100 * VARIETY_MIN));
    }

    private List<Completion> said(Candidate candidate, @Nullable AdapterRef adapter) throws InterruptedException {
        var prompt = candidate.instance().systemPrompt();
        return Questions.ask(
                base,
                candidate.opinions().requests().stream()
                        .limit(REQUESTS)
                        .map(request -> GenerationRequest.of(
                                        base.prompt(Conversation.under(prompt, request.messages()), request.tools()),
                                        SamplingParams.greedy(TOKENS))
                                .by(adapter))
                        .toList());
    }

    private static boolean silent(Completion said) {
        return said.text().isBlank();
    }

    private static boolean endless(Completion said) {
        return said.finish() == FinishReason.LENGTH;
    }

    private static double share(List<Completion> said, java.util.function.Predicate<Completion> which) {
        return said.isEmpty() ? 0 : said.stream().filter(which).count() / (double) said.size();
    }

    /** The mean share of an answer's pairs of neighbouring tokens that are different ones; 1 of a short answer. */
    private static double variety(List<Completion> said) {
        return said.stream().mapToDouble(Soundness::variety).average().orElse(1);
    }

    private static double variety(Completion said) {
        var tokens = said.tokens().stream().map(SampledToken::id).toList();
        var pairs = new HashSet<List<Integer>>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            pairs.add(List.of(tokens.get(i), tokens.get(i + 1)));
        }
        return tokens.size() < 2 ? 1 : pairs.size() / (double) (tokens.size() - 1);
    }
}
