package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import java.util.List;

/**
 * The constants of recall. None is fitted to a task; what is, is fitted for each instance on its own lessons
 * ({@link RecallFit}).
 *
 * @param layers which hidden states tell requests apart, as shares of the base's depth (docs/learning.md: of what was
 *     tried a third of the way up and the end, together, did best on two jobs)
 * @param embedTokensMax how many of a prompt's last tokens are looked at
 * @param wordWeight how much shared words add to the cosine of states
 * @param ridge of the regression of answers on similarities, against similarities of 1 with oneself
 * @param votersMax up to how many lessons a request is compared with all of them, and all vote
 * @param candidates of more, how many the index finds for each request
 * @param neighbours how many of those, the most similar, vote
 * @param fitAtLessons from how many lessons on the instance's own are fitted (docs/learning.md)
 * @param earlyExamples how many lessons stand before a question until then
 * @param examples how many are tried
 * @param fitQuestionsMax how many lessons are asked, each left out, to choose among them
 * @param temperatures of the answers' weights that are tried
 * @param lambdaMost the largest share of the answers' weights in the next token
 * @param gateOpenMin share of an instance's own requests that the familiarity gate must let through
 */
public record RecallSettings(
        List<Double> layers,
        int embedTokensMax,
        double wordWeight,
        double ridge,
        int votersMax,
        int candidates,
        int neighbours,
        int fitAtLessons,
        int earlyExamples,
        List<Integer> examples,
        int fitQuestionsMax,
        List<Double> temperatures,
        double lambdaMost,
        double gateOpenMin) {

    /** What holds unless somebody says otherwise. */
    public static final RecallSettings DEFAULT = new RecallSettings(
            List.of(0.37, 1.0),
            512,
            0.3,
            0.3,
            512,
            96,
            64,
            8,
            2,
            List.of(0, 1, 2, 4),
            12,
            List.of(0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.3, 0.5),
            0.95,
            0.98);

    public RecallSettings {
        layers = List.copyOf(layers);
        examples = List.copyOf(examples);
        temperatures = List.copyOf(temperatures);
        check(!layers.isEmpty() && layers.stream().allMatch(l -> l >= 0 && l <= 1), "layers", "shares from 0 to 1");
        check(embedTokensMax >= 1, "embedTokensMax", "at least 1");
        check(wordWeight >= 0, "wordWeight", "at least 0");
        check(ridge > 0, "ridge", "above 0");
        check(votersMax >= 1, "votersMax", "at least 1");
        check(candidates >= 1, "candidates", "at least 1");
        check(neighbours >= 1 && neighbours <= candidates, "neighbours", "from 1 to candidates");
        check(fitAtLessons >= 2, "fitAtLessons", "at least 2");
        check(earlyExamples >= 0, "earlyExamples", "at least 0");
        check(examples.contains(0), "examples", "0 among them");
        check(fitQuestionsMax >= 1, "fitQuestionsMax", "at least 1");
        check(!temperatures.isEmpty() && temperatures.stream().allMatch(t -> t > 0), "temperatures", "above 0");
        check(lambdaMost > 0 && lambdaMost < 1, "lambdaMost", "between 0 and 1");
        check(gateOpenMin > 0 && gateOpenMin <= 1, "gateOpenMin", "from above 0 to 1");
    }

    private static void check(boolean holds, String name, String expected) {
        if (!holds) {
            throw new FailedException(
                    "bad_setting", "recall's " + name + " must be " + expected, Fault.of(name, expected, "another"));
        }
    }
}
