package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.correction;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ratings, rewards, preferences and critiques: kept and shown, and never answered with. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class OpinionServerTest {
    private static final String QUESTION = "Which desk handles a lost parcel?";

    @Test
    void everyKindIsKeptWithItsOwnFieldsAndActsOnNoAnswer(Calls calls) {
        calls.create("judged");
        var first = calls.ask(asked("judged", "task-judged"));
        var id = first.text("/id");
        var said = first.text("/choices/0/message/content");
        var rating = calls.teach(feedback("rating", id).put("rating", "down").put("by", "ada"));
        var reward = calls.teach(feedback("reward", id).put("reward", 0.25));
        var critique = calls.teach(feedback("critique", id).put("text", "Too long."));
        var whole = calls.teach(Json.strict()
                .createObjectNode()
                .put("kind", "reward")
                .put("episode", "task-judged")
                .put("reward", 1));
        var preference = feedback("preference", id);
        preference.putObject("chosen").put("answer", "Desk Heron");
        var preferred = calls.teach(preference.put("rejected", id));

        assertThat(lesson(calls, rating).get("rating").asText()).isEqualTo("down");
        assertThat(lesson(calls, rating).get("by").asText()).isEqualTo("ada");
        assertThat(lesson(calls, reward).get("reward").asDouble()).isEqualTo(0.25);
        assertThat(lesson(calls, critique).get("text").asText()).isEqualTo("Too long.");
        assertThat(lesson(calls, whole).get("episode").asText()).isEqualTo("task-judged");
        assertThat(lesson(calls, preferred).at("/chosen/answer").asText()).isEqualTo("Desk Heron");
        assertThat(lesson(calls, preferred).at("/rejected/answer").asText()).isEqualTo(said);
        assertThat(lesson(calls, preferred).has("answer")).isFalse();

        var again = calls.ask(asked("judged", "task-judged"));
        assertThat(again.text("/choices/0/message/content")).isEqualTo(said);
        assertThat(again.body().at("/apprentice/recalled")).isEmpty();
        assertThat(calls.get("/v1/lessons?instance=judged&state=recorded")
                        .body()
                        .get("data"))
                .hasSize(5);
    }

    @Test
    void theLastWordOfOneTeacherReplacesHisEarlierOne(Calls calls) {
        calls.create("fickler");
        var id = calls.ask(asked("fickler", "task-fickler")).text("/id");
        var up = calls.teach(feedback("rating", id).put("rating", "up"));
        assertThat(calls.teach(feedback("rating", id).put("rating", "up")).text("/id"))
                .isEqualTo(up.text("/id"));
        var others = calls.teach(feedback("rating", id).put("rating", "up").put("by", "bob"));
        var down = calls.teach(feedback("rating", id).put("rating", "down"));
        assertThat(lesson(calls, up).get("state").asText()).isEqualTo("superseded");
        assertThat(lesson(calls, up).get("reason").asText()).isEqualTo("by " + down.text("/id"));
        assertThat(lesson(calls, others).get("state").asText()).isEqualTo("recorded");
    }

    @Test
    void anAnswerIsNotPreferredToItself(Calls calls) {
        calls.create("equal");
        var first = calls.ask(asked("equal", "task-equal"));
        var id = first.text("/id");
        var twice = feedback("preference", id).put("chosen", id).put("rejected", id);
        assertThat(calls.teach(twice).status()).isEqualTo(422);
        var worded = feedback("preference", id).put("rejected", id);
        worded.putObject("chosen").put("answer", first.text("/choices/0/message/content"));
        var refused = calls.teach(worded);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/field")).isEqualTo("rejected");
        var other =
                calls.ask(chat("equal", "Something else?").put("max_tokens", 2)).text("/id");
        assertThat(calls.teach(feedback("preference", id).put("chosen", id).put("rejected", other))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whatOneTeacherTaughtIsTakenBackAtOnce(Calls calls) {
        calls.create("purged");
        calls.teach(example("purged", QUESTION, "Desk Heron").put("by", "mallory"));
        calls.teach(
                example("purged", "Which desk handles a lost hat?", "Desk Wren").put("by", "ada"));
        assertThat(calls.answer(asked("purged", "task-purged"))).isEqualTo("Desk Heron");
        var gone = calls.post("/v1/lessons:withdraw", "{\"instance\":\"purged\",\"by\":\"mallory\"}");
        assertThat(gone.status()).isEqualTo(202);
        assertThat(gone.body().get("withdrawn").asInt()).isEqualTo(1);
        assertThat(gone.text("/note")).startsWith("gone from recall");
        assertThat(calls.answer(asked("purged", "task-purged")))
                // what ada taught of another thing may be recalled for want of anything nearer
                .isNotEqualTo("Desk Heron");
        var past = "{\"instance\":\"purged\",\"before\":\"2001-01-01T00:00:00Z\"}";
        assertThat(calls.post("/v1/lessons:withdraw", past)
                        .body()
                        .get("withdrawn")
                        .asInt())
                .isZero();
        assertThat(calls.post("/v1/lessons:withdraw", "{\"instance\":\"purged\",\"before\":\"soon\"}")
                        .text("/field"))
                .isEqualTo("before");
        assertThat(calls.post("/v1/lessons:withdraw", "{\"instance\":\"nobody\"}")
                        .status())
                .isEqualTo(404);
        assertThat(calls.post("/v1/lessons:withdraw", "{\"instance\":\"purged\",\"bye\":\"x\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aCorrectionStaysBesideARating(Calls calls) {
        calls.create("both");
        var id = calls.ask(asked("both", "task-both")).text("/id");
        calls.teach(correction(id, "Desk Heron"));
        calls.teach(feedback("rating", id).put("rating", "down"));
        assertThat(calls.answer(asked("both", "task-both"))).isEqualTo("Desk Heron");
    }

    @Test
    void whatTheUserSaysNextIsKeptInNobodysNameWhereThePolicySaysSo(Calls calls) {
        calls.create("listener");
        assertThat(calls.patch("/v1/instances/listener", "{\"policy\":{\"implicit\":true}}")
                        .status())
                .isEqualTo(200);
        var first = calls.ask(asked("listener", "task-listener"));
        var next = asked("listener", "task-listener");
        next.withArray("messages")
                .addObject()
                .put("role", "assistant")
                .put("content", first.text("/choices/0/message/content"));
        next.withArray("messages").addObject().put("role", "user").put("content", "No, that is wrong.");
        var second = calls.ask(next).text("/id");
        calls.teach(example("listener", "Which desk handles a lost hat?", "Desk Wren")); // written after it

        assertThat(calls.get("/v1/lessons?instance=listener&by=implicit").body().get("data"))
                .singleElement()
                .satisfies(lesson -> {
                    assertThat(lesson.get("kind").asText()).isEqualTo("implicit");
                    assertThat(lesson.get("interaction").asText()).isEqualTo(first.text("/id"));
                    assertThat(lesson.get("rating").asText()).isEqualTo("down");
                    assertThat(lesson.get("sign").asText()).isEqualTo("rejected");
                    assertThat(lesson.get("next").asText()).isEqualTo(second);
                });
        assertThat(calls.teach(feedback("implicit", second)).status())
                .as("from outside")
                .isEqualTo(400);
    }

    private static ObjectNode asked(String instance, String episode) {
        var body = chat(instance, QUESTION).put("max_tokens", 6);
        body.putObject("metadata").put("episode", episode);
        return body;
    }

    private static ObjectNode feedback(String kind, String interaction) {
        return Json.strict().createObjectNode().put("kind", kind).put("interaction", interaction);
    }

    private static JsonNode lesson(Calls calls, Calls.Reply given) {
        assertThat(given.status()).as("%s", given.body()).isEqualTo(202);
        return calls.get("/v1/lessons/" + given.text("/id")).body();
    }
}
