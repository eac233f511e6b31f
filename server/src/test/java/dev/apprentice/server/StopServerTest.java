package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server process that is told to stop finishes what it began, loses nothing and exits with 0 (CASES C65). */
@Timeout(600)
final class StopServerTest {
    @TempDir
    private Path folder;

    @Test
    void runningStreamsEndWholeAndNothingNewIsLetIn() throws Exception {
        try (var server = begin(Map.of("APPRENTICE_LISTEN_GRACE_MS", "300000"))) { // however busy this machine is
            server.awaitReady();
            var calls = new Calls(server.port());
            var lesson = calls.teach(example("apprentice", "Where do lost parcels go?", "Desk Heron"));
            assertThat(lesson.status()).isEqualTo(202);
            var streams = new ArrayList<InputStream>();
            for (var i = 0; i < 3; i++) {
                streams.add(begun(calls, endless().put("max_tokens", 80)));
            }

            server.terminate();
            while (calls.get("/health/ready").status() != 503) {
                ServerProcess.pause();
            }
            assertThat(calls.get("/health/live").status()).isEqualTo(200);
            var refused = calls.ask(chat("base", "hi"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isNotEmpty();
            for (var stream : streams) {
                assertThat(Calls.lines(stream)).contains("data: [DONE]");
            }
            assertThat(server.exitCode()).isZero();
            assertThat(log()).contains("apprentice: stopped").doesNotContain("Exception");
        }
        try (var again = ServerProcess.start(folder.resolve("data"), folder.resolve("server.log"))) {
            assertThat(new Calls(again.port()).answer(chat("apprentice", "Where do lost parcels go?")))
                    .isEqualTo("Desk Heron");
        }
    }

    @Test
    void whenTheGraceTimeIsOverAStreamSaysThatItIsNotWhole() throws Exception {
        try (var server = begin(Map.of("APPRENTICE_LISTEN_GRACE_MS", "200"))) {
            server.awaitReady();
            var stream = begun(new Calls(server.port()), endless());
            server.terminate();
            var lines = Calls.lines(stream);
            assertThat(lines).doesNotContain("data: [DONE]");
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"error\""))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("\"code\":\"draining\""));
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void aServerThatIsStillStartingStopsToo() throws Exception {
        try (var server = begin(Map.of())) {
            while (!Files.exists(folder.resolve("data"))) {
                ServerProcess.pause();
            }
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
    }

    private ServerProcess begin(Map<String, String> environment) throws IOException {
        return ServerProcess.begin(folder.resolve("data"), folder.resolve("server.log"), environment);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("server.log"));
    }

    private static ObjectNode endless() {
        return chat("base", "Tell a very long story.").put("max_tokens", 4000).put("ignore_eos", true);
    }

    /** A stream whose first byte is here. */
    private static InputStream begun(Calls calls, ObjectNode body) throws IOException {
        var stream = calls.open(body);
        assertThat(stream.read()).isEqualTo('d');
        return stream;
    }
}
