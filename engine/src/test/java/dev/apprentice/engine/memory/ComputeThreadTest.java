package dev.apprentice.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ComputeThreadTest {
    private final ComputeThread compute = ComputeThread.start();

    @AfterEach
    void close() {
        compute.close();
    }

    @Test
    void whoeverAsksOneThreadComputesOneThingAtATime() throws InterruptedException {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        Set<Thread> computing = new HashSet<>(); // only ever touched by the one thread
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int turn = 0; turn < 100; turn++) {
                    assertThat(compute.<Integer>call(() -> {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                computing.add(Thread.currentThread());
                                return inside.decrementAndGet();
                            }))
                            .isZero();
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most).hasValue(1);
        assertThat(computing).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @Test
    void workThatAsksForWorkDoesItItself() {
        assertThat(compute.<Boolean>call(() -> {
                    var outer = Thread.currentThread();
                    return compute.call(() -> Thread.currentThread() == outer);
                }))
                .isTrue();
    }

    @Test
    void whatFailsFailsWhereItWasAskedFor() {
        var failure = new IllegalArgumentException("no such tensor");
        assertThatThrownBy(() -> compute.call(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> compute.call(() -> {
                    throw new AssertionError("not even");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(compute.<Integer>call(() -> 7)).isEqualTo(7);
    }

    @Test
    void whoIsInterruptedWaitsForTheEndAndHearsItThen() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var done = new AtomicBoolean();
        var heard = new AtomicBoolean();
        var asker = Thread.ofPlatform().start(() -> {
            boolean whole = compute.call(() -> {
                begun.countDown();
                while (go.getCount() > 0) {
                    Thread.onSpinWait();
                }
                done.set(true);
                return true;
            });
            heard.set(whole && done.get() && Thread.currentThread().isInterrupted());
        });
        begun.await();
        asker.interrupt();
        go.countDown();
        asker.join();

        assertThat(heard).isTrue();
    }

    @Test
    void afterItsEndWorkIsDoneByWhoAsks() {
        compute.close();
        assertThat(compute.<Thread>call(Thread::currentThread)).isSameAs(Thread.currentThread());
    }
}
