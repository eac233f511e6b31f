package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** C23, as far as it needs no study: a fact that was taught in several wordings changes in all of them at once. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class ChangedFactServerTest {
    private static final List<String> WORDINGS = List.of(
            "What is the interest rate?",
            "How high is our interest rate at the moment?",
            "Tell me the rate, please.",
            "Which interest rate do we charge?",
            "What is the current rate?",
            "What rate do our customers pay?");
    private static final String OLD = "4.1 %";
    private static final String NEW = "4.7 %";

    @Test
    void oneCorrectionChangesAllWordings(Calls calls) {
        calls.create("rates");
        WORDINGS.forEach(question -> calls.teach(example("rates", question, OLD)));
        var unlike = calls.teach(example("rates", "How much must somebody with a loan give us per year?", OLD))
                .text("/id");
        var newer = calls.teach(example("rates", WORDINGS.get(1), NEW)).text("/id");

        for (var question : WORDINGS) {
            var reply = calls.ask(chat("rates", question).put("max_tokens", 8).put("temperature", 0));
            assertThat(reply.text("/choices/0/message/content")).isEqualTo(NEW);
            assertThat(reply.body().at("/apprentice/recalled")).hasSize(1);
        }
        var lessons = lessons(calls);
        assertThat(lessons.stream().filter(lesson -> state(lesson).equals("superseded")))
                .hasSize(WORDINGS.size())
                .allMatch(lesson -> lesson.get("answer").asText().equals(OLD));
        assertThat(lessons.stream().filter(lesson -> lesson.has("changed_with")))
                .hasSize(WORDINGS.size() - 1)
                .allMatch(lesson -> lesson.get("changed_with").asText().equals(newer)
                        && lesson.get("answer").asText().equals(NEW));
        var report = calls.get("/v1/instances/rates/report").body();
        assertThat(report.at("/perhaps_outdated/0/lesson").asText()).isEqualTo(unlike);
        assertThat(report.at("/perhaps_outdated/0/reason").asText()).contains(newer);

        var file = calls.raw("/v1/lessons:export?instance=rates").body().lines().toList();
        assertThat(file).hasSize(WORDINGS.size() + 1).noneMatch(line -> line.contains("changed_"));

        calls.delete("/v1/lessons/" + newer);
        assertThat(lessons(calls).stream()
                        .filter(lesson -> lesson.get("answer").asText().equals(NEW)))
                .allMatch(lesson -> state(lesson).equals("withdrawn"));
    }

    private static String state(JsonNode lesson) {
        return lesson.get("state").asText();
    }

    private static List<JsonNode> lessons(Calls calls) {
        var data = calls.get("/v1/lessons?instance=rates").body().get("data");
        return StreamSupport.stream(data.spliterator(), false).toList();
    }
}
