package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lessons by the file, in and out of the real server. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class LessonFilesServerTest {
    private static final String LINE = line("Which desk handles a lost parcel?", "Desk Heron");

    @Test
    void anImportedLessonAnswersAndTheSameFileAgainAddsNothing(Calls calls) {
        calls.create("filed");
        var file = "\uFEFF" + LINE + "\r\n\r\n" + line("And a lost hat?", "Desk Wren") + "\n" + LINE;
        var first = send(calls, "filed", file);
        assertThat(first.status()).as("%s", first.body()).isEqualTo(202);
        assertThat(first.body().get("added").asInt()).isEqualTo(2);
        assertThat(calls.answer(chat("filed", "Which desk handles a lost parcel?")))
                .isEqualTo("Desk Heron");
        var again = send(calls, "filed", file);
        assertThat(again.body().get("added").asInt()).isZero();
        assertThat(again.body().get("known").asInt()).isEqualTo(2);
        assertThat(calls.get("/v1/lessons?instance=filed").body().get("data")).hasSize(2);
    }

    @Test
    void aFileThatContradictsItselfMeansItsLastWordHoweverOftenItIsSent(Calls calls) {
        calls.create("changing");
        var file = line("Which desk?", "Desk Heron") + "\n" + line("Which desk?", "Desk Wren");
        send(calls, "changing", file);
        assertThat(send(calls, "changing", file).body().get("added").asInt()).isZero();
        assertThat(calls.answer(chat("changing", "Which desk?"))).isEqualTo("Desk Wren");
    }

    @Test
    void aBrokenLineIsNamedAndNothingOfItsFileIsTaken(Calls calls) {
        calls.create("broken");
        var lines = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> i == 37 ? "{\"messages\":" : line("Question " + i + "?", "Answer"))
                .collect(Collectors.joining("\n"));
        var reply = send(calls, "broken", lines);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/detail")).startsWith("line 37: ");
        assertThat(reply.text("/field")).startsWith("line 37");
        assertThat(calls.get("/v1/lessons?instance=broken").body().get("data")).isEmpty();
    }

    @Test
    void whatIsWrongIsToldWithItsLineAndField(Calls calls) {
        calls.create("wrong");
        var noText = LINE + "\n{\"messages\":[{\"role\":\"user\"}],\"answer\":\"a\"}";
        assertThat(send(calls, "wrong", noText).text("/field")).isEqualTo("line 2: messages[0].content");
        var blank = LINE + "\n\n" + line("Which desk?", " ");
        assertThat(send(calls, "wrong", blank).text("/field")).isEqualTo("line 3: answer");
        var long5 = send(calls, "wrong", line("Which desk?", "x".repeat(5 << 20)));
        assertThat(long5.status()).isIn(413, 422);
        assertThat(send(calls, "nobody", LINE).status()).isEqualTo(404);
        assertThat(send(calls, "wrong", "\n\r\n").status()).isEqualTo(400);
        var utf16 = calls.postBytes(
                "/v1/lessons:import?instance=wrong", LINE.getBytes(StandardCharsets.UTF_16), "application/jsonl");
        assertThat(utf16.status()).isEqualTo(400);
        assertThat(calls.get("/v1/lessons?instance=wrong").body().get("data")).isEmpty();
    }

    @Test
    void ofOpenAisFilesOnlyTurnsOfWeightOneAreTaught(Calls calls) {
        calls.create("weighted");
        var file = """
                {"messages":[{"role":"user","content":"Which desk?"},\
                {"role":"assistant","content":"Desk Crow","weight":0},{"role":"user","content":"No."},\
                {"role":"assistant","content":"Desk Heron","weight":1}]}
                """;
        assertThat(send(calls, "weighted", file).body().get("added").asInt()).isEqualTo(1);
        var lesson = calls.get("/v1/lessons?instance=weighted").body().at("/data/0");
        assertThat(lesson.get("answer").asText()).isEqualTo("Desk Heron");
        assertThat(lesson.get("messages")).hasSize(3);
        assertThat(calls.answer(chat("weighted", "Which desk?"))).isNotEqualTo("Desk Crow");
    }

    @Test
    void whatIsExportedIsTheSameAfterBeingImportedElsewhere(Calls calls) {
        calls.create("here");
        calls.create("there");
        calls.teach(example("here", "Which desk handles a \"lost\" parcel?\nTell me.", "Desk Heron 🦆")
                .put("by", "ada"));
        calls.teach(example("here", "And a lost hat?", "Desk Wren"));
        var exported = exported(calls, "here");
        assertThat(exported).hasSize(2);
        assertThat(send(calls, "there", String.join("\n", exported))
                        .body()
                        .get("added")
                        .asInt())
                .isEqualTo(2);
        assertThat(exported(calls, "there"))
                .isEqualTo(exported.stream()
                        .map(line -> line.replace("\"instance\":\"here\"", "\"instance\":\"there\""))
                        .toList());
    }

    private static Calls.Reply send(Calls calls, String instance, String file) {
        return calls.postBytes(
                "/v1/lessons:import?instance=" + instance, file.getBytes(StandardCharsets.UTF_8), "application/jsonl");
    }

    private static List<String> exported(Calls calls, String instance) {
        return calls.raw("/v1/lessons:export?instance=" + instance)
                .body()
                .lines()
                .toList();
    }

    private static String line(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                + "\"},{\"role\":\"assistant\",\"content\":\"" + answer + "\"}]}";
    }
}
