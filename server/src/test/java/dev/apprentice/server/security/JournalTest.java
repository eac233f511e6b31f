package dev.apprentice.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir
    Path data;

    private final TestSeams time = new TestSeams();

    @Test
    void anActIsWrittenDownBeforeItBeginsAndWhenItHasEnded() {
        var journal = journal();
        var act = journal.begin(Caller.LOCAL, "POST /v1/instances", "/v1/instances", "req_1");
        assertThat(journal.read(0, 10).entries())
                .singleElement()
                .extracting(JsonNode::toString)
                .asString()
                .contains("\"who\":\"local\"", "\"action\":\"POST /v1/instances\"", "\"on\":\"/v1/instances\"")
                .contains("\"request\":\"req_1\"", "\"outcome\":\"begun\"", "\"at\":\"2026-03-01T12:00:00Z\"");
        act.ended("201", "/v1/instances/a");
        var entries = journal.read(0, 10).entries();
        assertThat(entries).hasSize(2);
        assertThat(entries.get(1).path("act")).isEqualTo(entries.get(0).path("act"));
        assertThat(entries.get(1).path("outcome").asText()).isEqualTo("201");
        assertThat(entries.get(1).path("made").asText()).isEqualTo("/v1/instances/a");
    }

    @Test
    void itIsReadInParts() {
        var journal = journal();
        for (var i = 0; i < 5; i++) {
            journal.begin(Caller.LOCAL, "do", "thing " + i, "none");
        }
        var first = journal.read(0, 3);
        assertThat(first.entries()).hasSize(3);
        var second = journal.read(first.next(), 3);
        assertThat(second.entries()).extracting(e -> e.path("on").asText()).containsExactly("thing 3", "thing 4");
        assertThat(second.next()).isZero();
        assertThat(journal.read(99, 3).entries()).isEmpty();
    }

    @Test
    void aLineThatACrashCutOffHarmsNoOther() throws IOException {
        journal().begin(Caller.LOCAL, "do", "one", "none");
        Files.writeString(data.resolve("audit.jsonl"), "{\"act\":\"act_", StandardOpenOption.APPEND);
        journal().begin(Caller.LOCAL, "do", "two", "none");
        assertThat(journal().read(0, 9).entries())
                .extracting(e -> e.path("outcome").asText())
                .containsExactly("begun", "cut off by a crash", "begun");
    }

    @Test
    void whatCannotBeWrittenDownIsNotBegun() throws IOException {
        Files.createDirectory(data.resolve("audit.jsonl"));
        assertThatThrownBy(() -> journal().begin(Caller.LOCAL, "do", "one", "none"))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("cannot be written");
    }

    private Journal journal() {
        return new Journal(data, time.seams());
    }
}
