package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static dev.apprentice.server.Calls.correction;
import static dev.apprentice.server.Calls.example;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.Json;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat completions of the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class ChatServerTest {
    private static final String QUESTION = "Name the capital of France.";

    @Test
    void aQuestionIsAnsweredWithItsProvenance(Calls calls) {
        var reply = calls.ask(chat("base", QUESTION));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("/id")).startsWith("chatcmpl-");
        assertThat(reply.text("/model")).isEqualTo("base");
        assertThat(reply.text("/choices/0/message/content")).contains("Paris");
        assertThat(reply.body().at("/apprentice/instance").isNull()).isTrue();
        assertThat(reply.body().at("/apprentice/checkpoint").asInt()).isZero();
        var usage = reply.body().get("usage");
        assertThat(usage.get("total_tokens").asInt())
                .isEqualTo(usage.get("prompt_tokens").asInt()
                        + usage.get("completion_tokens").asInt());
    }

    @Test
    void theStreamSaysWhatTheWholeAnswerSays(Calls calls) {
        var whole = calls.ask(chat("base", QUESTION));
        var body = chat("base", QUESTION);
        body.putObject("stream_options").put("include_usage", true);
        var streamed = calls.stream(body);
        assertThat(streamed.done()).isTrue();
        assertThat(streamed.text()).isEqualTo(whole.text("/choices/0/message/content"));
        assertThat(streamed.last().get("choices")).isEmpty();
        assertThat(streamed.last().get("usage")).isEqualTo(whole.body().get("usage"));
        assertThat(streamed.chunks())
                .extracting(chunk -> chunk.get("id").asText())
                .containsOnly(streamed.last().get("id").asText());
    }

    @Test
    void tokensAreCountedOnlyWhenAskedFor(Calls calls) {
        assertThat(calls.stream(chat("base", QUESTION)).chunks()).noneMatch(chunk -> chunk.has("usage"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_tokens", "max_completion_tokens"})
    void theTokenLimitHolds(String field, Calls calls) {
        var body = chat("base", "Tell me a story.");
        body.remove("max_tokens");
        var reply = calls.ask(body.put(field, 5));
        assertThat(reply.body().at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(reply.text("/choices/0/finish_reason")).isEqualTo("length");
    }

    @Test
    void logprobsNameTheTokensOfTheAnswer(Calls calls) {
        var reply = calls.ask(chat("base", QUESTION).put("logprobs", true).put("top_logprobs", 3));
        var text = new StringBuilder();
        var content = reply.body().at("/choices/0/logprobs/content");
        content.forEach(token -> text.append(token.get("token").asText()));
        assertThat(text).hasToString(reply.text("/choices/0/message/content"));
        assertThat(content).allSatisfy(token -> {
            assertThat(token.get("top_logprobs")).hasSize(3);
            assertThat(token.at("/top_logprobs/0/logprob").asDouble()) // greedy: the chosen one is the best
                    .isEqualTo(token.get("logprob").asDouble());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "apprentice@999", "apprentice@", "apprentice@-1", "APPRENTICE", "a/b", "a:b", ""})
    void anUnknownModelIs404AndNeverTheBase(String model, Calls calls) {
        var reply = calls.ask(chat(model, QUESTION));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text("/error/code")).isEqualTo("model_not_found");
        assertThat(reply.text("/error/param")).isEqualTo("model");
    }

    @Test
    void modelsAreListedAndFoundByName(Calls calls) {
        var listed = calls.get("/v1/models").body().get("data");
        assertThat(listed).extracting(model -> model.get("id").asText()).contains("apprentice", "base");
        assertThat(calls.get("/v1/models/apprentice").text("/object")).isEqualTo("model");
        for (var unknown : new String[] {"nobody", "a%2Fb", "apprentice@7"}) {
            assertThat(calls.get("/v1/models/" + unknown).text("/error/code")).isEqualTo("model_not_found");
        }
    }

    @Test
    void aPromptBeyondTheWindowIs400WithBothNumbers(Calls calls) {
        var reply = calls.ask(chat("base", "word ".repeat(9000)));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/code")).isEqualTo("context_length_exceeded");
        assertThat(reply.text("/error/message")).contains("8192");
    }

    /** CASES C09. */
    @Test
    void noCharacterIsBrokenWhereverTheAnswerIsCut(Calls calls) {
        calls.create("glyphs");
        var wanted = "名前は🙂👩‍👩‍👧 ñ";
        assertThat(calls.teach(example("glyphs", "Write the line.", wanted)).status())
                .isEqualTo(202);
        for (var tokens = 1; tokens <= 40; tokens += 3) {
            var body = chat("glyphs", "Write the line.").put("max_tokens", tokens);
            var whole = calls.answer(body);
            assertThat(wanted).startsWith(whole);
            assertThat(calls.stream(body).text()).isEqualTo(whole);
        }
    }

    /** CASES C27. */
    @ParameterizedTest
    @ValueSource(strings = {"###END###", "##", " be", "END### b"})
    void noPartOfAStopStringIsTold(String stop, Calls calls) {
        var instance = "stops-" + Integer.toHexString(stop.hashCode());
        calls.create(instance);
        calls.teach(example(instance, "Say it.", "alpha ###END### beta"));
        var body = chat(instance, "Say it.");
        body.putArray("stop").add(stop);
        var whole = calls.ask(body);
        var expected = "alpha ###END### beta".substring(0, "alpha ###END### beta".indexOf(stop));
        assertThat(whole.text("/choices/0/message/content")).isEqualTo(expected);
        assertThat(whole.text("/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(calls.stream(body).text()).isEqualTo(expected);
    }

    @Test
    void aClientThatLeavesFreesItsPlace(Calls calls, Apprentice apprentice) throws Exception {
        var endless =
                chat("base", "Tell a very long story.").put("max_tokens", 4000).put("ignore_eos", true);
        for (var round = 0; round < 5; round++) {
            try (var stream = calls.open(endless)) {
                assertThat(stream.read()).isEqualTo('d'); // the first chunk is here
            }
            try (var _ = new Waiting(apprentice.port(), endless.toString())) {
                while (apprentice.engine().stats().running() == 0) {
                    Thread.onSpinWait();
                }
            }
            calls.answer(chat("base", QUESTION)); // is not kept waiting
        }
        while (apprentice.engine().stats().running() > 0) { // ends, or the time limit of this test does
            Thread.onSpinWait();
        }
    }

    @Test
    void fiftyAskAndTeachAtOnceAndNoIdIsUnknown(Calls calls) throws Exception {
        calls.create("crowd");
        Callable<Integer> wholeThenTeach = () -> {
            var id = calls.ask(chat("crowd", QUESTION).put("max_tokens", 2)).text("/id");
            return calls.teach(correction(id, "Desk Heron")).status();
        };
        Callable<Integer> teachWhileItStreams = () -> {
            try (var stream = calls.open(chat("crowd", QUESTION).put("max_tokens", 12))) {
                var first = new String(stream.readNBytes(60), java.nio.charset.StandardCharsets.UTF_8);
                var id = first.replaceFirst("(?s).*\"id\":\"(chatcmpl-[0-9a-z]+)\".*", "$1");
                return calls.teach(correction(id, "Desk Heron")).status();
            }
        };
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, 50)
                    .mapToObj(i -> i % 2 == 0 ? wholeThenTeach : teachWhileItStreams)
                    .toList();
            for (var status : clients.invokeAll(tasks)) {
                assertThat(status.get()).isEqualTo(202);
            }
        }
    }

    @Test
    void partsAreOneText(Calls calls) {
        var joined = calls.ask(chat("base", QUESTION));
        var body = chat("base", "");
        var content = body.withArray("messages").get(0);
        var parts = ((ObjectNode) content).putArray("content");
        parts.addObject().put("type", "text").put("text", QUESTION.substring(0, 10));
        parts.addObject().put("type", "text").put("text", QUESTION.substring(10));
        var reply = calls.ask(body);
        assertThat(reply.body().get("usage")).isEqualTo(joined.body().get("usage"));
        assertThat(reply.text("/choices/0/message/content")).isEqualTo(joined.text("/choices/0/message/content"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"developer", "system"})
    void whoeverInstructsComesFirstUnderEitherName(String role, Calls calls) {
        ObjectNode body = chat("base", "hi").put("max_tokens", 2);
        body.withArray("messages").insertObject(0).put("role", role).put("content", "You are a pirate.");
        var reply = calls.ask(body);
        // the system prompt that the template gives by default gives way: "You are a pirate." is shorter
        assertThat(reply.body().at("/usage/prompt_tokens").asInt())
                .isLessThan(calls.ask(chat("base", "hi").put("max_tokens", 2))
                        .body()
                        .at("/usage/prompt_tokens")
                        .asInt());
    }

    @Test
    void aLastAssistantMessageIsGoneOnFromAndNotRepeated(Calls calls) {
        ObjectNode body = chat("base", "Count from one to five, in words, separated by commas.");
        body.withArray("messages").addObject().put("role", "assistant").put("content", "one, two,");
        var reply = calls.ask(body);
        assertThat(reply.text("/choices/0/message/content")).startsWith(" three, four");
        assertThat(calls.stream(body).text()).isEqualTo(reply.text("/choices/0/message/content"));
    }

    @Test
    void aToolConversationCanBeSentBack(Calls calls) throws Exception {
        var body = (ObjectNode) Json.strict().readTree("""
                        {"model": "base", "max_tokens": 2, "messages": [
                          {"role": "user", "content": "1+1?"},
                          {"role": "assistant", "content": null, "tool_calls": [
                            {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{\\"x\\":1}"}}]},
                          {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "2"}]},
                          {"role": "user", "content": "Thanks"}],
                         "tools": [], "tool_choice": "none"}""");
        assertThat(calls.ask(body).status()).isEqualTo(200);
    }

    @Test
    void aMillionLettersInARowAreRefusedLikeAnyLongPrompt(Calls calls) {
        var reply = calls.ask(chat("base", "a".repeat(1_000_000)));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/error/code")).isEqualTo("context_length_exceeded");
    }

    @Test
    void aLoneEmptyTextIsAllowed(Calls calls) {
        assertThat(calls.ask(chat("base", "").put("max_tokens", 1)).status()).isEqualTo(200);
    }

    /** A client that sends a request and then neither reads nor waits: closing it is leaving. */
    private record Waiting(java.net.Socket socket) implements AutoCloseable {
        Waiting(int port, String body) throws java.io.IOException {
            this(new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port));
            var request = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws java.io.IOException {
            socket.close();
        }
    }
}
