package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of an import (CASES C64). */
@Timeout(120)
class ImportFaultTest {
    @TempDir
    private Path folder;

    @Test
    void ofAnImportThatIsKilledHalfWayNothingIsThereAndItCanBeSentAgain() throws Exception {
        killHalfWay();
        try (var house = new LedgerHouse(folder)) {
            assertThat(house.ledger().active("apprentice")).isEmpty();
            assertThat(house.ledger().giveAll(HalfImport.lessons()).added()).isEqualTo(HalfImport.LESSONS);
            house.reopen();
            assertThat(house.ledger().active("apprentice")).hasSize(HalfImport.LESSONS);
            assertThat(house.ledger().giveAll(HalfImport.lessons()).known()).isEqualTo(HalfImport.LESSONS);
        }
    }

    private void killHalfWay() throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                HalfImport.class.getName(),
                folder.toString());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("half");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
