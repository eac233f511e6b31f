package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.UnprocessableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses the tokens of one answer, one after the other. Belongs to its sequence. */
public final class Sampler {
    private final SamplingParams params;
    private final AnswerGuide guide;
    private final Set<Integer> stops;
    private final int vocabulary;
    private final RandomGenerator random;
    private final Shaping shaping;
    private Grammar.@Nullable State place;
    private final List<Integer> said = new ArrayList<>();

    /** What known answers say comes next; found once for each token, as it is asked for twice. */
    private PriorWeights known;

    /**
     * A sampler at the start of an answer.
     *
     * @param prompt token ids that the answer follows
     * @param stops end-of-turn token ids
     * @param grammar what form the answer must have, or null for any
     * @param vocabulary how many ids the tokenizer knows; logits beyond are padding
     */
    public Sampler(
            SamplingParams params,
            AnswerGuide guide,
            int[] prompt,
            Set<Integer> stops,
            @Nullable Grammar grammar,
            int vocabulary) {
        this.params = params;
        this.guide = guide;
        this.stops = Set.copyOf(stops);
        this.vocabulary = vocabulary;
        this.random = Seams.random(params.seed());
        this.place = grammar == null ? null : grammar.start();
        this.shaping = new Shaping(params, prompt);
        this.known = known();
    }

    /** One choice: the token, its log-probability under the model, and the best alternatives. */
    public record Choice(int token, double logprob, List<Scored> top) {}

    /** A token with its log-probability. */
    public record Scored(int token, double logprob) {}

    /** How many ids can come next. */
    public int vocabulary() {
        return vocabulary;
    }

    /** Whether the next token is the likeliest one but for {@link #never}, and nothing is told of the others. */
    public boolean onlyBest() {
        return params.temperature() == 0
                && params.topLogprobs() == 0
                && place == null
                && shaping.changesNothing()
                && known.isEmpty()
                && !(guide instanceof AnswerGuide.Forced);
    }

    /** What the next token cannot be: the ends of a turn as long as the answer may not end. */
    public int[] never() {
        return stopAllowed()
                ? new int[0]
                : stops.stream()
                        .mapToInt(Integer::intValue)
                        .filter(id -> id < vocabulary)
                        .toArray();
    }

    /** Takes the likeliest token, of log-probability {@code logprob}, where {@link #onlyBest}. */
    public Choice next(int best, double logprob) {
        say(best);
        return new Choice(best, logprob, List.of());
    }

    /**
     * Chooses the next token by the model's {@code logits} [vocabulary or more], which are left as they are.
     *
     * @param norm the logarithm of the sum of the vocabulary's exponentials
     */
    public Choice next(float[] logits, double norm) {
        int width = Math.min(logits.length, vocabulary);
        int token = choose(logits, width, norm);
        say(token);
        return new Choice(token, logits[token] - norm, top(logits, width, norm));
    }

    private void say(int token) {
        said.add(token);
        shaping.said(token);
        known = known();
        if (place != null && !stops.contains(token)) {
            var from = place;
            place = withinReach(() -> from.after(token));
        }
    }

    /** What the model's {@code logits} say of {@code token} that stands in the prompt; the answer is not touched. */
    public Choice score(float[] logits, double norm, int token) {
        return new Choice(token, logits[token] - norm, top(logits, Math.min(logits.length, vocabulary), norm));
    }

    private int choose(float[] model, int width, double modelNorm) {
        var logits = shaping.shaped(model, width);
        return switch (guide) {
            case AnswerGuide.Forced(var answer) -> answer.get(said.size());
            case AnswerGuide.Free _ -> fromModel(logits, width);
            case AnswerGuide.Prior prior -> fromModel(mixed(logits, width, modelNorm, prior.lambda()), width);
        };
    }

    private PriorWeights known() {
        return guide instanceof AnswerGuide.Prior prior ? PriorWeights.of(prior, said) : PriorWeights.NONE;
    }

    private float[] mixed(float[] logits, int width, double modelNorm, double lambda) {
        if (known.isEmpty()) {
            return logits;
        }
        double norm = shaping.changesNothing() ? modelNorm : logSumExp(logits, width);
        return known.mixed(logits, width, norm, lambda);
    }

    private int fromModel(float[] logits, int width) {
        if (place != null) {
            var formed = formed(logits, width, place);
            return params.temperature() == 0 ? best(formed, width, true) : sampled(formed, width, true);
        }
        return params.temperature() == 0 ? best(logits, width, stopAllowed()) : sampled(logits, width, stopAllowed());
    }

    private boolean stopAllowed() {
        return !params.ignoreEos() && said.size() >= params.minTokens();
    }

    /** What was taken on as a form, and grows too costly in the middle of the answer, is no fault of the request's. */
    private static <T extends @Nullable Object> T withinReach(Supplier<T> step) {
        try {
            return step.get();
        } catch (InvalidRequestException e) {
            throw new UnprocessableException(
                    "form_too_costly",
                    "the answer came to where its form cannot be followed any more: " + e.getMessage(),
                    Fault.at("response_format"),
                    e);
        }
    }

    /** The logits of what the form allows; the others are out of reach. The form also says whether to end here. */
    private float[] formed(float[] logits, int width, Grammar.State place) {
        var formed = new float[width];
        Arrays.fill(formed, Float.NEGATIVE_INFINITY);
        var tokens = withinReach(place::tokens);
        for (int i = tokens.nextSetBit(0); i >= 0 && i < width; i = tokens.nextSetBit(i + 1)) {
            formed[i] = logits[i];
        }
        for (int stop : stops) {
            if (stop < width) {
                formed[stop] = place.mayEnd() ? logits[stop] : Float.NEGATIVE_INFINITY;
            }
        }
        if (tokens.isEmpty() && !place.mayEnd()) {
            throw new UnprocessableException(
                    "form_impossible", "no token of this model can go on in the form asked for", Fault.NONE);
        }
        return formed;
    }

    private int best(float[] logits, int width, boolean stopAllowed) {
        int best = -1;
        for (int i = 0; i < width; i++) {
            if ((best < 0 || logits[i] > logits[best]) && (stopAllowed || !stops.contains(i))) {
                best = i;
            }
        }
        return best;
    }

    private int sampled(float[] logits, int width, boolean stopAllowed) {
        double max = logits[best(logits, width, stopAllowed)];
        var mass = new double[width];
        double total = 0;
        for (int i = 0; i < width; i++) {
            if (stopAllowed || !stops.contains(i)) {
                mass[i] = Math.exp((logits[i] - max) / params.temperature());
                total += mass[i];
            }
        }
        var filtered = params.topK() > 0 || params.topP() < 1 || params.minP() > 0;
        if (filtered) {
            total = Nucleus.keep(mass, total, params);
        }
        double at = random.nextDouble() * total;
        int last = -1;
        for (int i = 0; i < width; i++) {
            if (mass[i] > 0) {
                last = i;
                at -= mass[i];
                if (at < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    private List<Scored> top(float[] logits, int width, double norm) {
        int count = params.topLogprobs();
        if (count == 0) {
            return List.of();
        }
        var best = new PriorityQueue<Integer>(
                Comparator.<Integer>comparingDouble(i -> logits[i]).thenComparing(Comparator.reverseOrder()));
        for (int i = 0; i < width; i++) {
            if (best.size() < count) {
                best.add(i);
            } else if (logits[i] > logits[best.element()]) {
                best.remove();
                best.add(i);
            }
        }
        var scored = new ArrayList<Scored>();
        while (!best.isEmpty()) {
            int token = best.remove();
            scored.addFirst(new Scored(token, logits[token] - norm));
        }
        return scored;
    }

    private static double logSumExp(float[] logits, int width) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < width; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return max + Math.log(sum);
    }
}
