package dev.apprentice.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.decoder.ComputePermit;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortionsTest {
    private final ComputePermit permit = new ComputePermit();
    private final Portions portions = new Portions(permit, Portions.MOST_TOKENS);

    @Test
    void aQuietServerReadsManyRowsAtOnceAndABusyOneFew() {
        portions.took(480, Duration.ofMillis(40).toNanos());

        assertThat(portions.next(rows(8, 60))).hasSize(8);
        permit.answering(true);
        assertThat(portions.next(rows(8, 60))).hasSize(3);
    }

    /** Whoever asks in the middle of a piece waits for its end: of a large model it has fewer rows. */
    @Test
    void onAQuietServerToNoPieceTakesLongerThanHalfATurn() {
        portions.took(480, Duration.ofMillis(200).toNanos());

        assertThat(portions.next(rows(8, 60))).hasSize(2);
    }

    @Test
    void whileAnswersRunRowsGoOneByOneUntilSomethingIsMeasured() {
        permit.answering(true);

        assertThat(portions.next(rows(8, 60))).hasSize(1);
    }

    @Test
    void aPassHasAtMostSoManyTokensThatItsActivationsFitAndALongerRowGoesAlone() {
        assertThat(portions.next(rows(20, 60))).hasSize(Portions.MOST_TOKENS / 60);
        assertThat(portions.next(rows(3, 2 * Portions.MOST_TOKENS))).hasSize(1);
    }

    private static List<TrainingRow> rows(int count, int tokens) {
        return Collections.nCopies(count, new TrainingRow(new int[tokens], tokens - 5, new Loss.CrossEntropy(1)));
    }
}
