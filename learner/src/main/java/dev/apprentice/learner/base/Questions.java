package dev.apprentice.learner.base;

import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.Generation;
import dev.apprentice.engine.batch.GenerationRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Asks the base many things behind the backs of those who wait: few at a time, in the background. */
public final class Questions {
    /** How many are answered together: enough to share a step, few enough to leave the queue to people. */
    private static final int TOGETHER = 8;

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private Questions() {}

    /**
     * The answers, in the order of {@code requests}.
     *
     * @throws dev.apprentice.engine.ApprenticeException if one failed; the others are given up
     */
    public static List<Completion> ask(Base base, List<GenerationRequest> requests) throws InterruptedException {
        var running = new ArrayDeque<Generation>();
        var answers = new ArrayList<Completion>();
        try {
            for (var request : requests) {
                if (running.size() == TOGETHER) {
                    answers.add(running.getFirst().await());
                    running.removeFirst().close();
                }
                running.addLast(submit(base, request.inBackground()));
            }
            while (!running.isEmpty()) {
                answers.add(running.getFirst().await());
                running.removeFirst().close();
            }
            return answers;
        } finally {
            running.forEach(Generation::close);
        }
    }

    /** Waits until there is room: whoever asks in the background has time. */
    private static Generation submit(Base base, GenerationRequest request) throws InterruptedException {
        while (true) {
            try {
                return base.submit(request);
            } catch (OverloadedException e) {
                Thread.sleep(PATIENCE);
            }
        }
    }
}
