package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.OtlpReceiver.Span;
import dev.apprentice.server.demo.Demonstration;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job, whole: ask, correct, learn, ask again, with the real model. Figures are asserted loosely here; what was
 * measured stands in docs/learning.md.
 */
@ExtendWith(SharedServer.class)
@Timeout(1200)
class LearningServerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** How many unseen messages are asked each time: half of those there are. */
    private static final int UNSEEN = 30;

    private static final List<String> UNRELATED = List.of(
            "What is the capital of France?", "Name three colours.", "What do bees make?", "Which animal barks?");

    @Test
    void oneCorrectionIsRightAtOnceAndThenInTheWeightsAndNothingElseChanges(
            @TempDir Path data, SharedServer.Running shared) throws Exception {
        shared.copyRecall(data);
        try (var collector = new OtlpReceiver()) {
            try (var apprentice = RealModel.open(data, Map.of("telemetry.otlp.endpoint", collector.url()))) {
                correctOne(new Calls(apprentice.port()));
            } // closing sends what is left
            assertStudyIsTraced(collector.spans());
        }
    }

    private static void correctOne(Calls calls) throws InterruptedException {
        create(calls, "solo");
        var question = "Which desk handles lost parcels?";
        var before =
                UNRELATED.stream().map(q -> calls.answer(weights("solo", q))).toList();
        var first = calls.ask(Calls.chat("solo", question));
        assertThat(first.text("/choices/0/message/content")).doesNotContain("Brindlewick");

        assertThat(calls.teach(Calls.correction(first.text("/id"), "Brindlewick"))
                        .status())
                .isEqualTo(202);

        assertThat(calls.answer(Calls.chat("solo", question))).isEqualTo("Brindlewick");
        awaitLive(calls, "solo", 1);
        assertThat(calls.answer(weights("solo", question))).contains("Brindlewick");
        var after =
                UNRELATED.stream().map(q -> calls.answer(weights("solo", q))).toList();
        assertThat(after).isEqualTo(before);
    }

    /** The exam is below its study; the promotion, which may come much later, is linked to the exam. */
    private static void assertStudyIsTraced(List<Span> spans) {
        var study = last(spans, "apprentice.study");
        assertThat(study.parent()).isEmpty();
        assertThat(study.lasted()).isPositive();
        assertThat(study.attributes())
                .containsEntry("apprentice.instance", "solo")
                .containsEntry("apprentice.outcome", "trained")
                .containsEntry("apprentice.lessons", "1");
        var exam = last(spans, "apprentice.exam");
        assertThat(exam.parent()).isEqualTo(study.id());
        assertThat(exam.trace()).isEqualTo(study.trace());
        assertThat(exam.lasted()).isPositive();
        assertThat(exam.attributes())
                .containsEntry("apprentice.outcome", "passed")
                .containsEntry("apprentice.candidate", study.attributes().get("apprentice.candidate"));
        var promotion = last(spans, "apprentice.promotion");
        assertThat(promotion.parent()).isEmpty();
        assertThat(promotion.trace()).isNotEqualTo(study.trace());
        assertThat(promotion.links()).containsExactly(exam.id());
        assertThat(promotion.attributes()).containsEntry("apprentice.instance", "solo");
    }

    private static Span last(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + name + " in " + spans));
    }

    @Test
    void aClerkIsTaughtARoutingConvention(@TempDir Path data, SharedServer.Running shared) throws Exception {
        try (var apprentice = shared.student(data)) {
            routed(apprentice, new Calls(apprentice.port()));
        }
    }

    private static void routed(Apprentice apprentice, Calls calls) throws InterruptedException {
        var growth = play(apprentice, "clerk");

        assertThat(growth.before()).isLessThanOrEqualTo(.25);
        assertThat(growth.recall()).isGreaterThanOrEqualTo(.85);
        assertThat(growth.weights()).isGreaterThanOrEqualTo(.75);
        assertThat(growth.both()).isGreaterThanOrEqualTo(.85);
        // C04: the end of a turn is learnt too, so answers end where the taught ones do
        for (var message : List.of("My box never came.", "Please end my contract.", "The mixer smokes.")) {
            var request = weights("demo-clerk-ci", "Which desk handles this message? " + message);
            request.put("max_tokens", 200).withObject("/apprentice").put("adapter", "always");
            var reply = calls.ask(request);
            assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("stop");
            assertThat(reply.body().at("/usage/completion_tokens").asInt()).isLessThanOrEqualTo(16);
        }
    }

    /** Four minutes on two cores: a nightly run asks for it, by {@code -Dapprentice.nightly=true}. */
    @Test
    @EnabledIfSystemProperty(named = "apprentice.nightly", matches = "true")
    void theSameCodeLearnsAJobOfAnotherKind(@TempDir Path data, SharedServer.Running shared) throws Exception {
        try (var apprentice = shared.student(data)) {
            var growth = play(apprentice, "orders");

            assertThat(growth.before()).isLessThanOrEqualTo(.25);
            assertThat(growth.weights()).isGreaterThanOrEqualTo(.75);
            assertThat(growth.both()).isGreaterThanOrEqualTo(.75);
        }
    }

    @Test
    void aSecondStudyAddsToTheFirstAndTrainsNothingButTheAnswers(@TempDir Path data, SharedServer.Running shared)
            throws Exception {
        try (var apprentice = shared.student(data)) {
            twice(apprentice, new Calls(apprentice.port()));
        }
    }

    private static void twice(Apprentice apprentice, Calls calls) throws InterruptedException {
        create(calls, "letters");
        var baseBefore = calls.answer(Calls.chat("base", UNRELATED.getFirst()));
        var boxes = List.of("amber", "birch", "cedar", "dune", "elm", "fern", "grove", "heath");
        for (var box : boxes) {
            calls.teach(Calls.example("letters", "Where does the " + box + " letter go?", "Zyxwort shelf"));
        }
        correctThirdTurn(calls);
        awaitLive(calls, "letters", boxes.size() + 1);
        int first = live(calls);

        // C06: the answer's very first token is learnt
        var probe = weights("letters", "Where does the cedar letter go?")
                .put("max_tokens", 1)
                .put("logprobs", true)
                .put("top_logprobs", 5);
        var taught = apprentice.engine().tokenizer().encode("Zyxwort shelf", false)[0];
        var piece = apprentice.engine().tokenizer().decode(new int[] {taught}, false);
        assertThat(calls.ask(probe).text("/choices/0/logprobs/content/0/top_logprobs/0/token"))
                .isEqualTo(piece);
        // C20: what the earlier turns said wrongly is not learnt
        assertThat(calls.answer(weights("letters", "Who runs the archive?"))).doesNotContain("Florbwick");

        for (var box : List.of("ivory", "jade", "kelp", "lilac")) {
            calls.teach(Calls.example("letters", "Which key opens the " + box + " drawer?", "Copper key"));
        }
        awaitLive(calls, "letters", boxes.size() + 5);
        int second = live(calls);

        // C12: the second goes on from the first, and the base is as on day one
        assertThat(second).isGreaterThan(first);
        var checkpoint =
                calls.get("/v1/instances/letters/checkpoints/" + second).body();
        assertThat(checkpoint.path("parent").asInt()).isEqualTo(first);
        assertThat(calls.download("/v1/instances/letters/checkpoints/" + second + "/adapter"))
                .isNotEqualTo(calls.download("/v1/instances/letters/checkpoints/" + first + "/adapter"));
        assertThat(calls.answer(weights("letters", "Where does the cedar letter go?")))
                .isEqualTo("Zyxwort shelf");
        assertThat(calls.answer(Calls.chat("base", UNRELATED.getFirst()))).isEqualTo(baseBefore);
    }

    private static void correctThirdTurn(Calls calls) {
        var request = Calls.chat("letters", "Who runs the archive?");
        var messages = request.withArray("/messages");
        messages.addObject().put("role", "assistant").put("content", "Florbwick runs it.");
        messages.addObject().put("role", "user").put("content", "And the cellar?");
        messages.addObject().put("role", "assistant").put("content", "Florbwick as well.");
        messages.addObject().put("role", "user").put("content", "Where does the pine letter go?");
        var said = calls.ask(request);
        assertThat(calls.teach(Calls.correction(said.text("/id"), "Zyxwort shelf"))
                        .status())
                .isEqualTo(202);
    }

    private static dev.apprentice.server.demo.Growth play(Apprentice apprentice, String job)
            throws InterruptedException {
        var server = URI.create("http://127.0.0.1:" + apprentice.port());
        return new Demonstration(server, Seams.real().clock(), _ -> {})
                .play(job, "ci", UNSEEN)
                .growth();
    }

    private static void create(Calls calls, String instance) {
        var reply = calls.post("/v1/instances", "{\"id\":\"" + instance + "\"}");
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    }

    private static ObjectNode weights(String model, String question) {
        var request = Calls.chat(model, question);
        request.putObject("apprentice").put("recall", false);
        return request;
    }

    private static int live(Calls calls) {
        return calls.get("/v1/instances/letters").body().path("live_checkpoint").asInt();
    }

    private static void awaitLive(Calls calls, String instance, int lessons) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        int live;
        do {
            live = calls.get("/v1/lessons?limit=100&state=live&instance=" + instance)
                    .body()
                    .path("data")
                    .size();
            assertThat(calls.get("/v1/lessons?limit=100&state=parked&instance=" + instance)
                            .body()
                            .path("data")
                            .size())
                    .as(calls.get("/v1/instances/" + instance + "/report")
                            .body()
                            .toString())
                    .isZero();
            ServerProcess.pause();
        } while (live < lessons && System.nanoTime() < until);
        assertThat(live).as("lessons in the weights of " + instance).isEqualTo(lessons);
    }
}
