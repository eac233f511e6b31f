package dev.apprentice.learner.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ProbesTest {
    @Test
    void whatIsPractisedIsNeverExamined() {
        var probes = Probes.load();
        var all = new ArrayList<>(probes.practice());
        all.addAll(probes.exam());
        all.addAll(probes.protectedOnes());

        assertThat(probes.practice()).hasSize(128);
        assertThat(probes.exam()).hasSize(128);
        assertThat(probes.protectedOnes()).hasSize(64);
        assertThat(all)
                .doesNotHaveDuplicates()
                .allSatisfy(probe -> assertThat(probe).isNotBlank());
    }
}
