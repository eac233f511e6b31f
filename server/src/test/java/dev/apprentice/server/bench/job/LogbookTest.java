package dev.apprentice.server.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.server.http.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogbookTest {
    @TempDir
    private Path folder;

    private final AtomicInteger done = new AtomicInteger();

    @Test
    void whatWasDoneIsReadAndWhatIsNewIsDone() throws Exception {
        step(new Logbook(folder), "ask");

        var again = new Logbook(folder);

        assertThat(step(again, "ask")).isEqualTo(1);
        assertThat(done).hasValue(1);
        assertThat(step(again, "study")).isEqualTo(2);
        assertThat(again.steps()).isEqualTo(2);
    }

    @Test
    void aLineThatWasNotWrittenToItsEndWasNotDone() throws Exception {
        step(new Logbook(folder), "ask");
        var file = folder.resolve("log.jsonl");
        Files.writeString(file, "{\"what\":\"stu", StandardOpenOption.APPEND);

        var again = new Logbook(folder);

        assertThat(again.known()).isEqualTo(1);
        step(again, "ask");
        assertThat(step(again, "study")).isEqualTo(2);
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void anotherScriptIsRefused() throws Exception {
        step(new Logbook(folder), "ask");
        var again = new Logbook(folder);

        assertThatThrownBy(() -> step(again, "study"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("delete its folder");
    }

    private int step(Logbook log, String what) throws IOException, InterruptedException {
        return log.once(what, () -> Wire.object().put("times", done.incrementAndGet()))
                .path("times")
                .asInt();
    }
}
