package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.admin.EventKind;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.asking.AdapterUse;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.ResponseFormat;
import dev.apprentice.client.asking.Tool;
import dev.apprentice.client.asking.ToolCall;
import dev.apprentice.client.error.ConnectionException;
import dev.apprentice.client.error.UnauthenticatedException;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.LessonState;
import dev.apprentice.client.teaching.Rating;
import dev.apprentice.client.teaching.Side;
import dev.apprentice.client.value.Wire;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire, and what is made of what comes. */
@Timeout(60)
final class ClientTest {
    private final Played server = new Played();
    private final ApprenticeClient client = server.client().build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private ObjectNode sent(int index) {
        return Wire.read(server.heard().get(index).getBody());
    }

    private static ObjectNode json(String text) {
        return Wire.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aQuestionGoesOutAsItWasPut() {
        server.answers(Played.json(Played.ANSWER));
        var schema = json("{\"type\":\"object\"}");
        client.ask(AskRequest.builder("support@12")
                .system("Be short.")
                .user("Where?")
                .maxTokens(9)
                .temperature(0)
                .topK(5)
                .seed(7)
                .stop("\n", "END")
                .logitBias(Map.of(42, -1.5))
                .logprobs(3)
                .tools(List.of(Tool.strictFunction("desk", "finds a desk", schema)))
                .toolChoice("desk")
                .parallelToolCalls(false)
                .responseFormat(ResponseFormat.jsonSchema("desk", schema))
                .metadata("shop", "north")
                .episode("ep_1")
                .recall(false)
                .adapter(AdapterUse.ALWAYS)
                .learn(true)
                .field("best_of", Wire.value(2))
                .build());
        assertThat(sent(0)).isEqualTo(json("""
                {"model":"support@12","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Where?"}],
                 "max_tokens":9,"temperature":0.0,"top_k":5,"seed":7,"stop":["\\n","END"],"logit_bias":{"42":-1.5},
                 "logprobs":true,"top_logprobs":3,
                 "tools":[{"type":"function","function":{"name":"desk","description":"finds a desk",
                           "parameters":{"type":"object"},"strict":true}}],
                 "tool_choice":{"type":"function","function":{"name":"desk"}},"parallel_tool_calls":false,
                 "response_format":{"type":"json_schema","json_schema":{"name":"desk","strict":true,"schema":{"type":"object"}}},
                 "metadata":{"shop":"north","episode":"ep_1"},
                 "apprentice":{"recall":false,"adapter":"always","learn":true},"best_of":2}"""));
    }

    @Test
    void everyKindOfFeedbackHasItsForm() {
        server.says(any(anyUrl()), Played.json(202, "{\"id\":\"les_1\",\"state\":\"recorded\"}"));
        client.correct("c", "Heron");
        client.rate("c", Rating.DOWN);
        client.reward("c", 0.25);
        client.prefer(Side.interaction("a"), Side.answer("worse"));
        client.critique("c", "too long");
        client.teach("support", "Where?", "Heron");
        client.give(Feedback.correction("c", List.of(ToolCall.of("t", "desk", "{}")))
                .by("ann")
                .choice(1)
                .build());
        var bodies = List.of(
                "{\"kind\":\"correction\",\"interaction\":\"c\",\"answer\":\"Heron\"}",
                "{\"kind\":\"rating\",\"interaction\":\"c\",\"rating\":\"down\"}",
                "{\"kind\":\"reward\",\"interaction\":\"c\",\"reward\":0.25}",
                "{\"kind\":\"preference\",\"chosen\":\"a\",\"rejected\":{\"answer\":\"worse\"}}",
                "{\"kind\":\"critique\",\"interaction\":\"c\",\"text\":\"too long\"}",
                "{\"kind\":\"example\",\"instance\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"}],"
                        + "\"answer\":\"Heron\"}",
                "{\"kind\":\"correction\",\"interaction\":\"c\",\"message\":{\"role\":\"assistant\",\"content\":\"\","
                        + "\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"desk\","
                        + "\"arguments\":\"{}\"}}]},\"by\":\"ann\",\"choice\":1}");
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(sent(i)).isEqualTo(json(bodies.get(i)));
        }
        assertThat(server.heard())
                .extracting(request -> request.getHeader("idempotency-key"))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatThisVersionDoesNotKnowSurvives() {
        var lesson =
                Lesson.of(json("{\"id\":\"les_1\",\"state\":\"dreamt\",\"kind\":\"song\",\"tempo\":{\"bpm\":120}}"));
        assertThat(lesson.state()).isEqualTo(LessonState.of("dreamt")).isNotEqualTo(LessonState.LIVE);
        assertThat(lesson.kind().value()).isEqualTo("song");
        assertThat(lesson.field("tempo").orElseThrow().path("bpm").asInt()).isEqualTo(120);
        lesson.json().put("id", "changed");
        assertThat(lesson.id()).isEqualTo("les_1");
    }

    @Test
    void listsAreFetchedPartByPart() {
        server.says(
                get(urlPathEqualTo("/v1/lessons")),
                Played.json("{\"data\":[{\"id\":\"a\",\"state\":\"live\"}],\"next\":\"a&b\"}"));
        server.says(
                get("/v1/lessons?instance=support&after=a%26b"),
                Played.json("{\"data\":[{\"id\":\"b\",\"state\":\"live\"}],\"next\":null}"));
        assertThat(client.lessons().all(LessonQuery.of("support")).map(Lesson::id))
                .containsExactly("a", "b");
    }

    @Test
    void namesThatAreNoPathsStayNames() {
        server.says(any(anyUrl()), Played.problem(404, "instance_not_found"));
        for (var id : List.of("a/b", "..", "a b?c#d", "ä")) {
            assertThatThrownBy(() -> client.instances().get(id)).hasMessageContaining("instance_not_found");
        }
        assertThat(server.heard())
                .extracting(request -> request.getUrl())
                .containsExactly(
                        "/v1/instances/a%2Fb",
                        "/v1/instances/%2E%2E", "/v1/instances/a%20b%3Fc%23d", "/v1/instances/%C3%A4");
    }

    @Test
    void aPatchNamesWhatItChanges() {
        server.says(any(anyUrl()), Played.json("{\"id\":\"a\"}"));
        client.instances()
                .update(
                        "a",
                        InstancePatch.builder()
                                .clearSystemPrompt()
                                .policy("recall", false)
                                .build());
        assertThat(server.heard().get(0).getBodyAsString())
                .isEqualTo("{\"system_prompt\":null,\"policy\":{\"recall\":false}}");
    }

    @Test
    void anEpisodeClosesWithItsReward() {
        server.says(any(anyUrl()), Played.json(Played.ANSWER));
        server.says(post("/v1/feedback"), Played.json(202, "{\"id\":\"les_1\",\"state\":\"recorded\"}"));
        try (var episode = client.episode("ep_7").by("till")) {
            episode.ask(AskRequest.of("support", "Where?"));
            episode.reward(0.2).reward(0.75);
        }
        assertThat(sent(0).at("/metadata/episode").asText()).isEqualTo("ep_7");
        assertThat(sent(1))
                .isEqualTo(json("{\"kind\":\"reward\",\"episode\":\"ep_7\",\"reward\":0.75,\"by\":\"till\"}"));
        assertThat(server.heard()).hasSize(2);
    }

    @Test
    void anEpisodeWithoutARewardSaysNothingAndARewardOutOfRangeIsRefused() {
        try (var episode = client.episode()) {
            assertThatThrownBy(() -> episode.reward(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> episode.reward(1.01)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(server.heard()).isEmpty();
    }

    @Test
    void anEpisodeWhoseRewardWasLostIsClosedAgainUnderTheSameKey() {
        server.saysInTurn(Played.problem(400, "no"), Played.json(202, "{\"id\":\"les_1\",\"state\":\"recorded\"}"));
        var episode = client.episode("ep_7").reward(1);
        assertThatThrownBy(episode::close).hasMessageContaining("no");
        episode.close();
        episode.close();
        assertThat(server.heard())
                .hasSize(2)
                .extracting(request -> request.getHeader("idempotency-key"))
                .containsOnly(server.heard().get(0).getHeader("idempotency-key"));
        assertThat(episode.receipt().orElseThrow().id()).isEqualTo("les_1");
    }

    @Test
    void aDownloadIsThereWholeOrNotAtAll(@TempDir Path folder) throws IOException {
        var file = folder.resolve("adapter.zip");
        var head = "HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: 4\r\n\r\n";
        try (var raw = new RawServer(RawServer.breaking(head + "PK"), RawServer.saying(head + "PK12"));
                var loading = server.seamed(ApprenticeClient.http(raw.url())).build()) {
            assertThatThrownBy(() -> loading.checkpoints("a").download(1, file))
                    .isInstanceOf(ConnectionException.class);
            assertThat(folder).isEmptyDirectory();
            loading.checkpoints("a").download(1, file);
        }
        assertThat(Files.readString(file)).isEqualTo("PK12");
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    }

    @Test
    void aWatchGoesOnBehindTheLastEventAfterACut() throws IOException {
        var first = "id: 5\nevent: lesson\ndata: {\"instance\":\"a\",\"at\":\"2026-01-01T00:00:00Z\",\"data\":{}}\n\n";
        var second =
                "id: 6\nevent: eclipse\ndata: {\"instance\":\"a\",\"at\":\"2026-01-01T00:00:01Z\",\"data\":{\"n\":1}}\n\n";
        try (var raw = new RawServer(
                        RawServer.cutting(first),
                        RawServer.saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                        RawServer.saying(RawServer.EVENTS + first + second.replace("\n", "\r\n")),
                        RawServer.saying("HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                var watching = server.seamed(ApprenticeClient.http(raw.url()))
                        .retries(RetryPolicy.builder()
                                .firstDelay(Duration.ofMillis(1))
                                .build())
                        .build();
                var events = watching.watch(EventQuery.fromNow())) {
            var heard = events.iterator();
            assertThat(heard.next().sequence()).isEqualTo(5);
            var next = heard.next();
            assertThat(next.sequence()).isEqualTo(6);
            assertThat(next.kind()).isEqualTo(EventKind.of("eclipse"));
            assertThat(next.data().path("n").asInt()).isEqualTo(1);
            assertThatThrownBy(heard::hasNext).isInstanceOf(UnauthenticatedException.class);
            assertThat(raw.heads().get(0)).doesNotContainIgnoringCase("last-event-id");
            assertThat(raw.heads().get(1)).containsIgnoringCase("last-event-id: 5");
            assertThat(raw.heads().get(2)).containsIgnoringCase("last-event-id: 5");
            assertThat(raw.heads().get(3)).containsIgnoringCase("last-event-id: 6");
        }
    }

    @Test
    void aWatchThatHearsNothingConnectsAgain() throws IOException {
        var event = "id: 5\nevent: lesson\ndata: {\"instance\":\"a\"}\n\n";
        RawServer.Script silent = (socket, out) -> {
            out.write(RawServer.EVENTS.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().read();
        };
        try (var raw = new RawServer(silent, RawServer.saying(RawServer.EVENTS + event));
                var watching = server.seamed(ApprenticeClient.http(raw.url()))
                        .silenceMax(Duration.ofMillis(100))
                        .retries(RetryPolicy.builder()
                                .firstDelay(Duration.ofMillis(1))
                                .build())
                        .build();
                var events = watching.watch(EventQuery.after(4))) {
            assertThat(events.iterator().next().sequence()).isEqualTo(5);
            assertThat(raw.heads()).hasSize(2).allMatch(head -> head.contains("Last-Event-ID: 4"));
        }
    }

    @Test
    void theTraceGoesOnAtTheServer() {
        server.answers(Played.json(Played.ANSWER));
        var span = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        Context.current()
                .with(Span.wrap(span))
                .wrap(() -> {
                    client.ask("support", "Where?");
                    client.async(c -> c.ask("support", "Where?")).join();
                })
                .run();
        client.ask("support", "Where?");
        assertThat(server.heard())
                .extracting(request -> request.getHeader("traceparent"))
                .containsExactly(
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        null);
    }

    @Test
    void aFutureIsCompletedAndACancelledOneEndsItsConnection() throws Exception {
        var left = new CountDownLatch(1);
        RawServer.Script silent = (socket, out) -> {
            try {
                socket.getInputStream().read();
            } finally {
                left.countDown();
            }
        };
        try (var raw = new RawServer(silent);
                var asking = ApprenticeClient.http(raw.url()).build()) {
            var future = asking.async(c -> c.ask("support", "Where?"));
            while (raw.heads().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(future.cancel(true)).isTrue();
            assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
            left.await();
        }
    }

    @Test
    void aUrlThatIsNoneIsRefusedAtOnce() {
        for (var url : List.of("localhost:8080", "ftp://localhost", "/v1", "http:///x")) {
            assertThatThrownBy(() -> ApprenticeClient.http(url)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ApprenticeClient.grpc(url)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
