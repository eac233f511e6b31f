package dev.apprentice.server.bench.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One arm in one test with one seed: whoever is asked and taught. Used by one thread. */
interface Subject extends AutoCloseable {
    /** From here on a fresh instance is meant. */
    void enter(String instance) throws InterruptedException;

    /** An answer. */
    Said ask(Ask ask) throws InterruptedException;

    /** The texts of the most likely answers to {@code questions}, of which nothing is learnt. */
    List<String> askAll(List<String> questions) throws InterruptedException;

    /** The answer should have been another, or was right. */
    void correct(Said said, Task task) throws InterruptedException;

    /** A question with its answer, without having asked. */
    void teach(Task task) throws InterruptedException;

    /** Thumbs up or down. */
    void rate(Said said, boolean up) throws InterruptedException;

    /** How good one answer was, 0 to 1. */
    void reward(Said said, double reward) throws InterruptedException;

    /** How well a task of several answers ended, 0 to 1. */
    void reward(String episode, double reward) throws InterruptedException;

    /** Studies what was taught, if this arm does, and waits until that is over. */
    void study() throws InterruptedException;

    /** Waits until {@code outcomes} graded answers are known to whoever judges answers. */
    void judgeBy(int outcomes) throws InterruptedException;

    /**
     * What exams and the value head said so far: {@code live} (whether learnt weights serve), {@code drift_nats} and
     * {@code raw_drift_nats} of the last checkpoint that passed, {@code candidates}, {@code passed}, {@code asked},
     * {@code lost} (lessons, over all candidates), {@code certified} (whether a threshold is). What there is nothing of
     * is absent.
     */
    Map<String, Double> figures() throws InterruptedException;

    /**
     * How answers are timed while nothing is studied and while something is; absent where the arm cannot. Every figure
     * in milliseconds or as a share; see {@link Timing}.
     *
     * @param lessons taught before each study
     * @param window how long each measurement takes
     */
    Map<String, Double> timed(List<Task> lessons, Duration window) throws InterruptedException;

    /** Lessons that a person was asked about, because they contradict another, and released. */
    int released();

    @Override
    void close();
}
