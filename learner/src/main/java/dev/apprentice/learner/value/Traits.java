package dev.apprentice.learner.value;

import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.recall.Recalled;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of an answer the moment it is whole, as numbers: the base of every judgement about it. The first
 * {@link #SCALARS} are the few that carry most at a few dozen outcomes (log-probabilities, recall's votes and likeness,
 * length); after them comes the mean hidden state over the answer, from the serving pass itself.
 *
 * @param values scalars, then states; finite
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, and never compared
public record Traits(float[] values) {
    /** How many scalars stand first. */
    public static final int SCALARS = 18;

    /** Log-probabilities below this say nothing more. */
    private static final double FLOOR = -20;

    public Traits {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                values[i] = 0; // a broken state must not make every later judgement a NaN
            }
        }
    }

    /** After which of a base's {@code layers} layers hidden states are looked at. */
    public static List<Integer> layers(int layers) {
        return List.of(layers);
    }

    /** The same for {@code instance}: states say much of a text, so only where the text may be kept as well. */
    public static List<Integer> layers(int layers, Instance instance) {
        return instance.policy().storeMessages() ? layers(layers) : List.of();
    }

    /**
     * Of an answer.
     *
     * @param whole the answer, with its trace if there are to be states
     * @param recalled what the lessons had to say
     * @param adapted whether an adapter answered
     */
    public static Traits of(Completion whole, Recalled recalled, boolean adapted) {
        return of(whole, recalled, adapted, List.of(State.MEAN));
    }

    /** Which of an answer's hidden states are looked at. */
    public enum State {
        /** At the prompt's end. */
        FIRST,
        /** The mean over the answer: measured to say most. */
        MEAN,
        /** The last one. */
        LAST
    }

    /** The same with other {@code parts} of what the network saw, for measurements. */
    public static Traits of(Completion whole, Recalled recalled, boolean adapted, List<State> parts) {
        var states = states(whole, parts);
        var values = Arrays.copyOf(scalars(whole, recalled, adapted), SCALARS + states.length);
        System.arraycopy(states, 0, values, SCALARS, states.length);
        return new Traits(values);
    }

    private static float[] scalars(Completion whole, Recalled recalled, boolean adapted) {
        var trace = whole.trace();
        double end = trace == null || Double.isNaN(trace.endLogprob()) ? 0 : trace.endLogprob();
        double sum = end;
        double least = end;
        for (var token : whole.tokens()) {
            double logprob = Math.max(FLOOR, token.logprob());
            sum += logprob;
            least = Math.min(least, logprob);
        }
        int count = whole.tokens().size();
        var votes = Said.of(recalled.guide(), whole.tokens());
        double policy = Math.log(
                Math.max(Math.exp(FLOOR), (1 - votes.lambda()) * Math.exp(sum) + votes.lambda() * votes.weight()));
        var like = recalled.likeness();
        return new float[] {
            (float) (sum / (count + 1)),
            (float) least,
            (float) end,
            (float) policy,
            (float) Math.log1p(count),
            whole.finish() == FinishReason.LENGTH ? 1 : 0,
            (float) votes.weight(),
            (float) votes.margin(),
            (float) votes.lambda(),
            (float) like.nearest(),
            (float) like.centre(),
            (float) like.margin(),
            (float) like.coverage(),
            (float) like.rarest(),
            (float) Math.clamp(like.gate(), -10, 10),
            recalled.guide() instanceof AnswerGuide.Forced ? 1 : 0,
            recalled.examples().isEmpty() ? 0 : 1,
            adapted ? 1 : 0
        };
    }

    private static float[] states(Completion whole, List<State> parts) {
        var trace = whole.trace();
        if (trace == null || trace.first().length == 0) {
            return new float[0];
        }
        int layers = trace.first().length;
        int hidden = trace.first()[0].length;
        var states = new float[parts.size() * layers * hidden];
        int at = 0;
        for (var part : parts) {
            var seen = switch (part) {
                case FIRST -> trace.first();
                case MEAN -> trace.mean();
                case LAST -> trace.last();
            };
            for (var layer : seen) {
                System.arraycopy(layer, 0, states, at, hidden);
                at += hidden;
            }
        }
        return states;
    }

    /** What the lessons' votes say of the very answer that was given. */
    private record Said(double lambda, double weight, double margin) {
        static Said of(AnswerGuide guide, List<SampledToken> tokens) {
            return switch (guide) {
                case AnswerGuide.Free _ -> new Said(0, 0, 0);
                case AnswerGuide.Forced _ -> new Said(1, 1, 1);
                case AnswerGuide.Prior prior -> of(prior, tokens);
            };
        }

        private static Said of(AnswerGuide.Prior prior, List<SampledToken> tokens) {
            var said = tokens.stream().map(SampledToken::id).toList();
            double total = 0;
            double own = 0;
            double other = 0;
            for (var answer : prior.answers()) {
                total += answer.weight();
                boolean same = answer.tokens().size() == said.size() + 1
                        && answer.tokens().subList(0, said.size()).equals(said);
                own = same ? own + answer.weight() : own;
                other = same ? other : Math.max(other, answer.weight());
            }
            return total <= 0
                    ? new Said(prior.lambda(), 0, 0)
                    : new Said(prior.lambda(), own / total, (own - other) / total);
        }
    }
}
