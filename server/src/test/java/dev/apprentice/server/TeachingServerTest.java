package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.correction;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Feedback and lessons of the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class TeachingServerTest {
    private static final String QUESTION = "Which desk handles a lost parcel?";

    @Test
    void aCorrectionHoldsFromTheNextRequestOn(Calls calls) {
        calls.create("desks");
        var first = calls.ask(chat("desks", QUESTION));
        assertThat(first.text("/choices/0/message/content")).isNotEqualTo("Desk Heron");
        var given = calls.teach(correction(first.text("/id"), "Desk Heron"));
        assertThat(given.status()).isEqualTo(202);
        assertThat(given.text("/id")).startsWith("les_");
        assertThat(given.text("/state")).isEqualTo("recorded");

        var again = calls.ask(chat("desks", QUESTION));
        assertThat(again.text("/choices/0/message/content")).isEqualTo("Desk Heron");
        assertThat(again.body().at("/apprentice/recalled")).hasSize(1);
        assertThat(again.text("/apprentice/recalled/0")).isEqualTo(given.text("/id"));
        var reworded = chat("desks", "  which desk  handles a LOST parcel");
        assertThat(calls.answer(reworded)).isEqualTo("Desk Heron");
        var withoutRecall = chat("desks", QUESTION);
        withoutRecall.putObject("apprentice").put("recall", false);
        assertThat(calls.answer(withoutRecall)).isEqualTo(first.text("/choices/0/message/content"));
    }

    @Test
    void aLessonTellsWhatWasAskedSaidAndWanted(Calls calls) {
        calls.create("telling");
        var first = calls.ask(chat("telling", QUESTION));
        var id = calls.teach(correction(first.text("/id"), "Desk Heron").put("by", "ada"))
                .text("/id");
        var lesson = calls.get("/v1/lessons/" + id);
        assertThat(lesson.text("/instance")).isEqualTo("telling");
        assertThat(lesson.text("/messages/0/content")).isEqualTo(QUESTION);
        assertThat(lesson.text("/said")).isEqualTo(first.text("/choices/0/message/content"));
        assertThat(lesson.text("/answer")).isEqualTo("Desk Heron");
        assertThat(lesson.text("/by")).isEqualTo("ada");
        assertThat(lesson.text("/state")).isIn("recorded", "recalled");
    }

    @Test
    void oneKeyMakesOneLessonHoweverOftenItIsSent(Calls calls) throws Exception {
        calls.create("once");
        var body = example("once", QUESTION, "Desk Heron").toString();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = clients.invokeAll(IntStream.range(0, 20)
                    .<java.util.concurrent.Callable<Calls.Reply>>mapToObj(
                            _ -> () -> calls.post("/v1/feedback", body, "Idempotency-Key", "once-1"))
                    .toList());
            var ids = new java.util.HashSet<String>();
            for (var reply : replies) {
                assertThat(reply.get().status()).isEqualTo(202);
                ids.add(reply.get().text("/id"));
            }
            assertThat(ids).hasSize(1);
        }
        var other = calls.post(
                "/v1/feedback", example("once", QUESTION, "Desk Wren").toString(), "Idempotency-Key", "once-1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(calls.get("/v1/lessons?instance=once").body().get("data")).hasSize(1);
    }

    @Test
    void feedbackSentStraightAfterTheFirstSignOfAnAnswerIsTaken(Calls calls) throws Exception { // CASES C07
        calls.create("eager");
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = clients.invokeAll(IntStream.range(0, 50)
                    .<java.util.concurrent.Callable<Calls.Reply>>mapToObj(i -> () -> {
                        var request = Calls.chat("eager", "Where is parcel " + i + "?")
                                .put("max_tokens", 2);
                        var id = i % 2 == 0
                                ? calls.ask(request).text("/id")
                                : calls.stream(request.put("stream", true))
                                        .chunks()
                                        .getFirst()
                                        .get("id")
                                        .asText();
                        return calls.teach(correction(id, "Desk " + i));
                    })
                    .toList());
            for (var reply : replies) {
                assertThat(reply.get().status()).as("%s", reply.get().body()).isEqualTo(202);
            }
        }
        assertThat(calls.get("/v1/lessons?limit=100&instance=eager").body().get("data"))
                .hasSize(50);
    }

    @Test
    void aWithdrawnLessonIsGoneFromRecallAtOnce(Calls calls) {
        calls.create("fickle");
        var before = calls.answer(chat("fickle", QUESTION));
        var id = calls.teach(example("fickle", QUESTION, "Desk Heron")).text("/id");
        assertThat(calls.answer(chat("fickle", QUESTION))).isEqualTo("Desk Heron");
        var withdrawn = calls.delete("/v1/lessons/" + id);
        assertThat(withdrawn.status()).isEqualTo(202);
        assertThat(withdrawn.text("/state")).isEqualTo("withdrawn");
        assertThat(calls.answer(chat("fickle", QUESTION))).isEqualTo(before);
    }

    @Test
    void lessonsAreListedInPartsAndByState(Calls calls) {
        calls.create("lists");
        for (var i = 0; i < 5; i++) {
            calls.teach(example("lists", "Question " + i + "?", "Answer " + i));
        }
        var first = calls.get("/v1/lessons?instance=lists&limit=3");
        assertThat(first.body().get("data")).hasSize(3);
        var second = calls.get("/v1/lessons?instance=lists&limit=3&after=" + first.text("/next"));
        assertThat(second.body().get("data")).hasSize(2);
        assertThat(second.body().get("next").isNull()).isTrue();
        assertThat(calls.get("/v1/lessons?instance=lists&state=withdrawn")
                        .body()
                        .get("data"))
                .isEmpty();
        assertThat(calls.get("/v1/lessons?state=wrong").status()).isEqualTo(400);
        assertThat(calls.get("/v1/lessons?limit=0").text("/field")).isEqualTo("limit");
        assertThat(calls.get("/v1/lessons?limit=x").text("/field")).isEqualTo("limit");
    }

    @Test
    void aLessonCanBePinned(Calls calls) {
        calls.create("pins");
        var id = calls.teach(example("pins", QUESTION, "Desk Heron")).text("/id");
        assertThat(calls.patch("/v1/lessons/" + id, "{\"pinned\":true}")
                        .body()
                        .get("pinned")
                        .asBoolean())
                .isTrue();
        assertThat(calls.patch("/v1/lessons/" + id, "{\"answer\":\"x\"}").text("/field"))
                .isEqualTo("answer");
        assertThat(calls.patch("/v1/lessons/" + id, "{}").text("/code")).isEqualTo("missing_field");
    }

    @Test
    void feedbackOnWhatNeverWasIs404NamingTheField(Calls calls) {
        var reply = calls.teach(correction("chatcmpl-never", "x"));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        assertThat(reply.text("/field")).isEqualTo("interaction");
        assertThat(calls.get("/v1/lessons/les_never").status()).isEqualTo(404);
    }

    @Test
    void theBaseDoesNotLearn(Calls calls) {
        var id = calls.ask(chat("base", QUESTION).put("max_tokens", 2)).text("/id");
        assertThat(calls.teach(correction(id, "x")).status()).isEqualTo(422);
    }

    @Test
    void anAnswerThatWasNotToTeachDoesNot(Calls calls) {
        calls.create("private");
        var body = chat("private", QUESTION).put("max_tokens", 2);
        body.putObject("apprentice").put("learn", false);
        assertThat(calls.teach(correction(calls.ask(body).text("/id"), "x")).status())
                .isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"rating\",\"interaction\":\"i\",\"rating\":\"up\"}         | 404 | interaction",
                "{\"kind\":\"rating\",\"interaction\":\"i\",\"rating\":\"meh\"}        | 400 | rating",
                "{\"kind\":\"rating\",\"interaction\":\"i\"}                       | 400 | rating",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":1}              | 404 | interaction",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":1e999}          | 400 | reward",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":-0.1}           | 400 | reward",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":1.01}           | 400 | reward",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":\"0.5\"}        | 400 | reward",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":\"NaN\"}        | 400 | reward",
                "{\"kind\":\"reward\",\"interaction\":\"i\",\"reward\":null}           | 400 | reward",
                "{\"kind\":\"reward\",\"episode\":\"never\",\"reward\":1}              | 404 | episode",
                "{\"kind\":\"reward\",\"reward\":1}                                | 400 | interaction",
                "{\"kind\":\"preference\"}                                             | 400 | chosen",
                "{\"kind\":\"preference\",\"chosen\":{\"answer\":\"a\"},\"rejected\":{\"answer\":\"b\"}} | 400 | interaction",
                "{\"kind\":\"preference\",\"chosen\":\"i\",\"rejected\":{}}          | 400 | rejected.answer",
                "{\"kind\":\"preference\",\"chosen\":\"i\",\"rejected\":\"j\"}         | 404 | chosen",
                "{\"kind\":\"preference\",\"interaction\":\"i\",\"chosen\":{\"answer\":\"a\"},\"rejected\":{\"answer\":\" \"}} | 400 | rejected.answer",
                "{\"kind\":\"critique\",\"interaction\":\"i\",\"text\":\"t\"}          | 404 | interaction",
                "{\"kind\":\"critique\",\"interaction\":\"i\",\"text\":\" \"}          | 400 | text",
                "{\"kind\":\"applause\"}                                               | 400 | kind",
                "{}                                                                    | 400 | kind",
                "{\"kind\":\"correction\",\"answer\":\"a\"}                            | 400 | interaction",
                "{\"kind\":\"correction\",\"interaction\":\"i\"}                       | 400 | answer",
                "{\"kind\":\"correction\",\"interaction\":\"i\",\"answer\":7}          | 400 | answer",
                "{\"kind\":\"correction\",\"interaction\":\"i\",\"answer\":\" \"}      | 400 | answer",
                "{\"kind\":\"correction\",\"interaction\":\"i\",\"answer\":\"\\ud83d\"} | 400 | answer",
                "{\"kind\":\"example\",\"answer\":\"a\",\"messages\":[]}               | 400 | instance",
                "{\"kind\":\"example\",\"answer\":\"a\",\"instance\":\"i\"}            | 400 | messages",
            })
    void feedbackThatCannotBeIsRefusedByItsField(String body, int status, String field, Calls calls) {
        var reply = calls.post("/v1/feedback", body);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.text("/field")).isEqualTo(field);
    }

    @Test
    void whatWasTaughtSurvivesARestart(@TempDir Path data) {
        String lesson;
        String interaction;
        var quiet = Map.of("listen.grace_ms", "1000");
        try (var server = RealModel.open(data, quiet)) {
            var calls = new Calls(server.port());
            calls.create("lasting");
            interaction = calls.ask(chat("lasting", "And a lost glove?").put("max_tokens", 4))
                    .text("/id");
            lesson = calls.teach(example("lasting", QUESTION, "Desk Heron")).text("/id");
        }
        try (var server = RealModel.open(data, quiet)) {
            var calls = new Calls(server.port());
            assertThat(calls.get("/v1/lessons/" + lesson).text("/answer")).isEqualTo("Desk Heron");
            assertThat(calls.answer(chat("lasting", QUESTION))).isEqualTo("Desk Heron");
            assertThat(calls.teach(correction(interaction, "Desk Wren")).status())
                    .isEqualTo(202);
        }
    }
}
