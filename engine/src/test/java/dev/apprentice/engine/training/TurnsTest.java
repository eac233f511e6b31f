package dev.apprentice.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Pieces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TurnsTest {
    private final ComputePermit permit = new ComputePermit();
    private long millis;

    @Test
    void whileNothingIsAskedATurnTakesWhatFitsIntoATenthOfASecond() throws InterruptedException {
        assertThat(turns(new Work(30, 7, () -> {}))).isEqualTo(List.of(14, 14, 2));
    }

    @Test
    void anAnswerThatBeginsEndsTheTurnAfterThePiece() throws InterruptedException {
        var work = new Work(20, 4, () -> permit.answering(millis >= 40));

        assertThat(turns(work)).startsWith(10, 3, 3).endsWith(1);
    }

    @Test
    void aPieceThatIsTooLongIsATurnOfItsOwnAndIsReported() throws InterruptedException {
        permit.answering(true);
        var work = new Work(3, 20, () -> {});

        assertThat(new Turns(permit, this::nanos).through(work))
                .isEqualTo(Duration.ofMillis(20).toNanos());
        assertThat(work.unfinished()).isFalse();
    }

    /** How many pieces each turn took: a turn reads the clock once before its first piece and once after each. */
    private List<Integer> turns(Work work) throws InterruptedException {
        var turns = new ArrayList<Integer>();
        var atLast = new int[1];
        new Turns(permit, () -> {
                    if (work.fresh) { // a reading without a piece since the last one begins a turn
                        turns.add(work.done - atLast[0]);
                        atLast[0] = work.done;
                    }
                    work.fresh = true;
                    return nanos();
                })
                .through(work);
        turns.removeFirst();
        turns.add(work.done - atLast[0]);
        return turns;
    }

    private long nanos() {
        return Duration.ofMillis(millis).toNanos();
    }

    /** Pieces of equal length by this test's clock. */
    private final class Work implements Pieces {
        private final int count;
        private final int each;
        private final Runnable after;
        private int done;
        private boolean fresh = true;

        Work(int count, int each, Runnable after) {
            this.count = count;
            this.each = each;
            this.after = after;
        }

        @Override
        public boolean unfinished() {
            return done < count;
        }

        @Override
        public void advance() {
            done++;
            millis += each;
            fresh = false;
            after.run();
        }
    }
}
