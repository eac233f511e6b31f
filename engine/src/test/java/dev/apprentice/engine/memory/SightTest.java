package dev.apprentice.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.Placement.Auto;
import dev.apprentice.engine.Placement.Cpu;
import dev.apprentice.engine.Placement.Cuda;
import org.junit.jupiter.api.Test;

/** Which device is chosen, on machines that are pretended. */
class SightTest {
    private static final Sight PLAIN = new Sight("2.7.1 in /lib", false, 0);
    private static final Sight BLIND = new Sight("2.7.1 in /lib", true, 0);
    private static final Sight ONE = new Sight("2.7.1 in /lib", true, 1);
    private static final Sight TWO = new Sight("2.7.1 in /lib", true, 2);

    @Test
    void autoIsTheFirstGpuThatIsSeenAndElseTheProcessor() {
        assertThat(TWO.choose(new Auto())).isEqualTo(new Cuda(0));
        assertThat(BLIND.choose(new Auto())).isEqualTo(new Cpu());
        assertThat(PLAIN.choose(new Auto())).isEqualTo(new Cpu());
    }

    @Test
    void whatIsNamedIsTaken() {
        assertThat(TWO.choose(new Cpu())).isEqualTo(new Cpu());
        assertThat(TWO.choose(new Cuda(1))).isEqualTo(new Cuda(1));
    }

    @Test
    void withoutCudaInLibtorchTheMessageSaysSo() {
        assertRefused(PLAIN, 0, "engine.device must be auto or cpu", "2.7.1 in /lib", "built without CUDA", "cuda:0");
    }

    @Test
    void withoutAGpuTheMessageSaysSo() {
        assertRefused(BLIND, 0, "engine.device must be auto or cpu", "sees no GPU", "nvidia-smi", "cuda:0");
    }

    @Test
    void aGpuThatIsNotThereIsToldWithThoseThatAre() {
        assertRefused(ONE, 1, "engine.device must be auto, cpu or cuda:0,", "found cuda:1");
        assertRefused(TWO, 7, "cuda:0 to cuda:1", "found cuda:7");
    }

    @Test
    void thisMachineIsLookedAtWithoutHarm() {
        var sight = Sight.now();

        assertThat(sight.libtorch()).startsWith("2.");
        assertThat(sight.gpus() > 0 && !sight.forCuda()).isFalse();
    }

    private static void assertRefused(Sight sight, int number, String... said) {
        assertThatThrownBy(() -> sight.choose(new Cuda(number)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("bad_setting"))
                .hasMessageContainingAll(said);
    }
}
