package dev.apprentice.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ComputePermitTest {
    private final ComputePermit permit = new ComputePermit();

    @Test
    void onlyOneComputesAtATime() throws InterruptedException {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            boolean learner = i % 2 == 0;
            threads[i] = Thread.startVirtualThread(() -> {
                for (int turn = 0; turn < 50; turn++) {
                    try (var _ = learner ? permit.learn() : permit.serve()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most).hasValue(1);
    }

    @Test
    void servingGoesBeforeLearningThatWaitedLonger() throws InterruptedException {
        var order = new LinkedBlockingQueue<String>();
        var held = permit.serve();
        var learner = Thread.ofPlatform().start(() -> {
            try (var _ = permit.learn()) {
                order.add("learn");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        waiting(learner);
        var server = Thread.ofPlatform().start(() -> {
            try (var _ = permit.serve()) {
                order.add("serve");
            }
        });
        waiting(server);
        held.close();

        assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("serve");
        assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("learn");
    }

    @Test
    void whoServesAgainWaitsBehindWhoCameMeanwhile() throws InterruptedException {
        var order = new LinkedBlockingQueue<String>();
        var held = permit.serve();
        var answer = Thread.ofPlatform().start(() -> {
            try (var _ = permit.serve()) {
                order.add("answer");
            }
        });
        waiting(answer);

        held.close();
        try (var _ = permit.serve()) { // at once, as the next piece of a long prompt does
            order.add("prompt");
        }

        assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("answer");
        assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("prompt");
        answer.join();
    }

    @Test
    void learningStillGetsItsShareWhileAnswersRun() throws InterruptedException {
        permit.answering(true);
        var twice = new CountDownLatch(2);
        var learner = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 2; i++) {
                    permit.learn().close();
                    twice.countDown();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(twice.await(10, TimeUnit.SECONDS)).isTrue();
        learner.join();
    }

    /** A request is looked at and then read; between the two it computes nothing. */
    @Test
    void forAMomentAfterServingLearningWaitsForTheSameRequestsNextStep() throws InterruptedException {
        var now = new AtomicLong();
        var watched = new ComputePermit(now::get);
        try (var _ = watched.learn()) {
            now.addAndGet(1_000_000);
        }
        watched.serve().close();
        var learnt = new CountDownLatch(1);
        var learner = Thread.ofPlatform().start(() -> {
            try (var _ = watched.learn()) {
                learnt.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        waiting(learner);
        watched.serve().close();
        assertThat(learnt.getCount()).as("nobody serves, and yet it waits").isEqualTo(1);

        now.addAndGet(10_000_000);
        assertThat(learnt.await(10, TimeUnit.SECONDS)).isTrue();
        learner.join();
    }

    @Test
    void turnsOfLearningStayShortForAWhileAfterTheLastStep() {
        var now = new AtomicLong();
        var watched = new ComputePermit(now::get);
        var quiet = watched.turn();

        watched.serve().close();
        assertThat(watched.busy()).isTrue();
        assertThat(watched.turn()).isEqualTo(ComputePermit.BUSY).isLessThan(quiet);
        now.addAndGet(2_000_000_000);
        assertThat(watched.busy()).isFalse();
        assertThat(watched.turn()).isEqualTo(quiet);
    }

    private static void waiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
