package dev.apprentice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.EngineSettings.Dtype;
import dev.apprentice.engine.Placement.Cuda;
import dev.apprentice.engine.decoder.Kernel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
    private final EngineSettings settings = EngineSettings.of(Path.of("any"));

    @ParameterizedTest
    @CsvSource({"auto,auto", "cpu,cpu", "cuda,cuda:0", "cuda:0,cuda:0", "cuda:12,cuda:12"})
    void aDeviceIsNamedAsPeopleWriteIt(String text, String read) {
        assertThat(Placement.of(text)).hasToString("Optional[" + read + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:x", "cuda:0,1", "cuda:99999999999"})
    void nothingElseIsADevice(String text) {
        assertThat(Placement.of(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"AUTO,BF16", "BF16,BF16", "FP32,FP32"})
    void onAGpuBf16IsTheArithmeticUnlessFp32IsAskedFor(Dtype asked, Kernel kernel) {
        assertThat(NativeMachine.onGpu(asked, new Cuda(0))).isEqualTo(kernel);
    }

    @Test
    void int8OnAGpuIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> NativeMachine.onGpu(Dtype.INT8, new Cuda(1)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("bad_setting"))
                .hasMessage("engine.dtype must be one of auto, bf16, fp32 on cuda:1 (engine.device: cpu has int8),"
                        + " found int8");
    }

    @Test
    void keysAndValuesMayTakeHalfOfWhatIsFreeOnAGpuAndFourGibibytesElsewhere() {
        assertThat(settings.settled(100L << 30).cacheBytes()).isEqualTo(50L << 30);
        assertThat(settings.settled().cacheBytes()).isEqualTo(4L << 30);
    }

    @Test
    void whatIsAskedForIsNotWorkedOut() {
        var asked = new EngineSettings(Path.of("any"), new Placement.Auto(), Dtype.AUTO, 1, 1, 1, 1, 12_345, 1, 0);

        assertThat(asked.settled(1L << 30).cacheBytes()).isEqualTo(12_345);
    }
}
