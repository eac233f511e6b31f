package dev.apprentice.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class WatchTest {
    @Test
    void theFirstStandsApartAndTheRestIsAveraged() {
        var watch = new Watch();
        watch.see(new float[][] {{1, 2}, {3, 4}});
        watch.see(new float[][] {{10, 0}, {0, 0}});
        watch.see(new float[][] {{20, 8}, {2, 0}});
        var trace = Objects.requireNonNull(watch.trace(-0.5));
        assertThat(trace.first()).isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
        assertThat(trace.mean()).isDeepEqualTo(new float[][] {{15, 4}, {1, 0}});
        assertThat(trace.last()).isDeepEqualTo(new float[][] {{20, 8}, {2, 0}});
        assertThat(trace.states()).isEqualTo(3);
        assertThat(trace.endLogprob()).isEqualTo(-0.5);
    }

    @Test
    void oneStateIsItsOwnMeanAndNoneIsNoTrace() {
        var watch = new Watch();
        assertThat(watch.trace(0)).isNull();
        watch.see(new float[][] {{1}});
        var trace = Objects.requireNonNull(watch.trace(Double.NaN));
        assertThat(trace.mean()).isDeepEqualTo(new float[][] {{1}});
    }
}
