package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.util.List;

/** What, besides the model, has a say in the next token of one answer. */
public sealed interface AnswerGuide {

    /** Nothing: the model alone speaks. */
    record Free() implements AnswerGuide {}

    /**
     * The answer is given: its tokens are decoded by force (stop strings, token limits and log-probabilities as ever).
     *
     * @param answer token ids, without an end-of-turn token; the answer ends after them
     */
    record Forced(List<Integer> answer) implements AnswerGuide {
        public Forced {
            answer = List.copyOf(answer);
        }
    }

    /**
     * Known answers weigh on the next token: {@code p = (1 - lambda) p_model + lambda sum_i w_i [answer i goes on so]},
     * over the answers that agree with what has been said so far, their weights renormalised; once none agrees the
     * model alone speaks (kNN-LM, Khandelwal et al. 2020, with whole answers as the datastore).
     *
     * @param lambda the prior's share, 0 to 1
     * @param answers with weights above 0
     */
    record Prior(double lambda, List<WeightedAnswer> answers) implements AnswerGuide {
        public Prior {
            answers = List.copyOf(answers);
            if (!(lambda >= 0 && lambda <= 1)) {
                throw new FailedException(
                        "bad_prior",
                        "lambda must be from 0 to 1, found " + lambda,
                        Fault.of("lambda", "0 to 1", Double.toString(lambda)));
            }
        }
    }

    /**
     * One known answer.
     *
     * @param tokens its token ids with the end-of-turn token last
     * @param weight above 0
     */
    record WeightedAnswer(List<Integer> tokens, double weight) {
        public WeightedAnswer {
            tokens = List.copyOf(tokens);
        }
    }
}
