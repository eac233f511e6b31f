package dev.apprentice.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A benchmark that is stopped in the middle leaves nothing on the disk, nor in the memory that looks like one. */
@Timeout(180)
final class StoppedBenchServerTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsServersDeleteWhatTheyWrote(boolean inTheMiddle, @TempDir Path place) throws Exception {
        var others = ProcessHandle.current().children().toList();
        try (var server = ServerProcess.start(BenchServerTest.model(), place)) {
            if (inTheMiddle) {
                server.listen();
            }
            assertThat(place).isNotEmptyDirectory();
            var process = ProcessHandle.current()
                    .children()
                    .filter(child -> !others.contains(child))
                    .findFirst()
                    .orElseThrow();

            process.destroy(); // SIGTERM, as SIGINT is when somebody presses Ctrl-C

            process.onExit().get(60, TimeUnit.SECONDS);
            if (inTheMiddle) {
                assertThat(place).as("before anybody else cleans up").isEmptyDirectory();
            }
        }
        assertThat(place).isEmptyDirectory();
    }
}
