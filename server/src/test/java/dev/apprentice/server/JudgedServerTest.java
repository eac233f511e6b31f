package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is only said to be good or bad moves the weights, with the real model. */
@Timeout(600)
@ExtendWith(SharedServer.class)
final class JudgedServerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final List<String> ANSWERS = List.of("Red desk", "Blue desk");
    private static final List<String> QUESTIONS =
            List.of("Which desk handles a lost parcel?", "Which desk handles a broken lamp?");

    @Test
    void preferencesAloneDecideWhichOfTwoAnswersTheWeightsGive(@TempDir Path data, SharedServer.Running shared)
            throws Exception {
        try (var apprentice = shared.student(data)) {
            preferred(new Calls(apprentice.port()));
        }
    }

    private static void preferred(Calls calls) throws InterruptedException {
        create(calls, "tastes");
        var before = new HashMap<String, String>();
        for (var question : QUESTIONS) {
            var asked = calls.ask(between("tastes", question, ANSWERS));
            var said = asked.text("/choices/0/message/content");
            before.put(question, said);
            var preference = feedback("preference", asked.text("/id"));
            preference.putObject("rejected").put("answer", said);
            preference.putObject("chosen").put("answer", other(said));
            assertThat(calls.teach(preference).status()).isEqualTo(202);
        }

        awaitLive(calls, "tastes"); // as many as the policy wants: nobody has to ask for a study

        before.forEach((question, said) ->
                assertThat(calls.answer(between("tastes", question, ANSWERS))).isEqualTo(other(said)));
        var lesson = calls.get("/v1/lessons?instance=tastes").body().at("/data/0");
        assertThat(lesson.get("passes").asBoolean()).isTrue();
        assertThat(lesson.get("checkpoint").asInt()).isEqualTo(1);
    }

    @Test
    void thumbsAloneMoveTheWeightsWhenSomebodyAsksForAStudyAndTheAnswersStayWhole(
            @TempDir Path data, SharedServer.Running shared) throws Exception {
        try (var apprentice = shared.student(data)) {
            rated(new Calls(apprentice.port()));
        }
    }

    private static void rated(Calls calls) throws InterruptedException {
        create(calls, "thumbs");
        var before = new HashMap<String, Double>();
        for (var question : QUESTIONS) {
            before.put(question, margin(calls, question));
            rate(calls, calls.ask(between("thumbs", question, ANSWERS.subList(0, 1))), "up");
            rate(calls, calls.ask(between("thumbs", question, ANSWERS.subList(1, 2))), "down");
        }
        assertThat(calls.post("/v1/instances/thumbs/study", "{}").status()).isEqualTo(202);

        awaitLive(calls, "thumbs");

        before.forEach((question, margin) -> {
            assertThat(margin(calls, question)).isGreaterThan(margin + 2); // seven times as likely, in proportion
            assertThat(logprob(calls, question, ANSWERS.getLast())).isGreaterThan(-60); // unlikely, and not unsayable
            // free to say what they like, the weights come to words
            assertThat(calls.answer(weights("thumbs", question)).split("\\s+")).hasSizeGreaterThan(2);
        });
    }

    private static double margin(Calls calls, String question) {
        return logprob(calls, question, ANSWERS.getFirst()) - logprob(calls, question, ANSWERS.getLast());
    }

    /** What the weights give to the whole {@code answer}, in the tokens that the tokenizer makes of it. */
    private static double logprob(Calls calls, String question, String answer) {
        var asked = turns(question);
        var request = Json.strict().createObjectNode().put("model", "thumbs").put("prompt", asked + answer);
        request.put("echo", true).put("logprobs", 1).put("max_tokens", 1);
        request.putObject("apprentice").put("recall", false).put("adapter", "always");
        var logprobs = calls.post("/v1/completions", request.toString()).body().at("/choices/0/logprobs");
        double sum = 0;
        for (int i = 0; i < logprobs.path("tokens").size(); i++) {
            int at = logprobs.at("/text_offset/" + i).asInt();
            if (at >= asked.length() && at < asked.length() + answer.length()) {
                sum += logprobs.at("/token_logprobs/" + i).asDouble();
            }
        }
        assertThat(sum).as(logprobs.toPrettyString()).isNegative();
        return sum;
    }

    /** What the model's chat template makes of a question. */
    private static String turns(String question) {
        return "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
                + "<|im_start|>user\n" + question + "<|im_end|>\n<|im_start|>assistant\n";
    }

    private static String other(String answer) {
        assertThat(ANSWERS).contains(answer);
        return ANSWERS.getFirst().equals(answer) ? ANSWERS.getLast() : ANSWERS.getFirst();
    }

    private static void create(Calls calls, String instance) {
        var body = "{\"id\":\"" + instance + "\",\"policy\":{\"min_lessons_to_study\":" + QUESTIONS.size() + "}}";
        assertThat(calls.post("/v1/instances", body).status()).isEqualTo(201);
    }

    private static void rate(Calls calls, Calls.Reply answer, String rating) {
        var id = answer.text("/id");
        assertThat(calls.teach(feedback("rating", id).put("rating", rating)).status())
                .isEqualTo(202);
    }

    /** Greedy, by the weights, with no way but one of the answers. */
    private static ObjectNode between(String instance, String question, List<String> answers) {
        var request = weights(instance, question);
        answers.forEach(request.putArray("guided_choice")::add);
        return request;
    }

    private static ObjectNode weights(String instance, String question) {
        var request = Calls.chat(instance, question);
        request.putObject("apprentice").put("recall", false);
        return request;
    }

    private static ObjectNode feedback(String kind, String interaction) {
        return Json.strict().createObjectNode().put("kind", kind).put("interaction", interaction);
    }

    /** Waits until every lesson of {@code instance} is live. */
    private static void awaitLive(Calls calls, String instance) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        boolean all;
        do {
            ServerProcess.pause();
            all = true;
            for (var lesson :
                    calls.get("/v1/lessons?instance=" + instance).body().get("data")) {
                var state = lesson.get("state").asText();
                assertThat(state)
                        .as(() -> calls.get("/v1/instances/" + instance + "/report")
                                .body()
                                .toPrettyString())
                        .isIn("recorded", "live");
                all &= state.equals("live");
            }
        } while (!all && System.nanoTime() < until);
        assertThat(all).as("lessons are live").isTrue();
    }
}
