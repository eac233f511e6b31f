package dev.apprentice.learner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private final Intake<Integer> intake = new Intake<>();

    @Test
    void whatNobodyWaitsForGoesWithTheNextInTheOrderOfComing() throws Exception {
        intake.put(1, false);
        intake.put(2, true);
        intake.put(3, false);

        assertThat(taken()).containsExactly(1, 2, 3);
    }

    @Test
    void whatNobodyWaitsForIsTakenWithoutCompanyToo() throws Exception {
        var sleeper = started(this::taken);
        intake.put(1, false);
        assertThat(sleeper.get()).containsExactly(1);
    }

    @Test
    void noPieceIsLostOrTakenTwiceHoweverTheyCome() throws Exception {
        int each = 2_000;
        var givers = IntStream.range(0, 8)
                .mapToObj(giver -> started(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(intake.put(giver * each + i, (giver + i) % 3 == 0))
                                .isTrue();
                    }
                    return giver;
                }))
                .toList();
        var taker = started(() -> {
            var all = new ArrayList<Integer>();
            var batch = new ArrayList<Integer>();
            while (intake.take(batch)) {
                all.addAll(batch);
                batch.clear();
            }
            return all;
        });
        for (var giver : givers) {
            giver.get();
        }
        intake.close();

        var seen = taker.get();
        assertThat(seen).hasSize(8 * each).doesNotHaveDuplicates();
        for (int giver = 0; giver < 8; giver++) {
            int first = giver * each;
            assertThat(seen.stream().filter(piece -> piece >= first && piece < first + each))
                    .isSorted();
        }
    }

    @Test
    void whatWasTakenInBeforeClosingIsStillThere() throws Exception {
        intake.put(1, false);
        intake.close();

        assertThat(intake.put(2, true)).isFalse();
        assertThat(taken()).containsExactly(1);
        assertThat(intake.take(new ArrayList<>())).isFalse();
    }

    private List<Integer> taken() throws InterruptedException {
        var batch = new ArrayList<Integer>();
        assertThat(intake.take(batch)).isTrue();
        return batch;
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }
}
