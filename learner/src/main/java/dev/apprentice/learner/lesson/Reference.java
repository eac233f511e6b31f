package dev.apprentice.learner.lesson;

import java.util.List;

/**
 * What the weights that were live when a judged lesson was first studied said of its answers: losses that reward
 * distance are measured from there in every later study too, so that reading a lesson again does not push it further.
 *
 * @param texts a number that is another as soon as a token of these rows is another
 * @param logprobs log-probability of each whole answer
 */
public record Reference(int texts, List<Double> logprobs) {
    public Reference {
        logprobs = List.copyOf(logprobs);
    }
}
