package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.client.v1.AgentGrpc;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.server.OtlpReceiver.Point;
import dev.apprentice.server.OtlpReceiver.Span;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a collector receives of a server that was asked by HTTP and by gRPC and taught, from its start to its end. */
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
final class TracingServerTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String OTHER_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String KEY = "sk-of-somebody-123456";
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\S+) ");

    private List<Span> spans;
    private List<Point> points;
    private List<String> keys;
    private String everything;
    private String page;
    private String logged;
    private JsonNode usage;

    @BeforeAll
    void askAndTeach(@TempDir Path data) throws IOException {
        try (var collector = new OtlpReceiver()) {
            var flags = Map.of("telemetry.otlp.endpoint", collector.url(), "telemetry.otlp.headers", "api-key=hunter2");
            try (var apprentice = RealModel.open(data, flags);
                    var log = new CapturedLog()) {
                var calls = new Calls(apprentice.port());
                calls.post("/v1/instances", "{\"id\":\"traced\",\"policy\":{\"min_lessons_to_study\":1000}}");
                calls.teach(Calls.example("traced", "Where does the xylophone go?", "To the quillwort."));
                usage = calls.post(
                                "/v1/chat/completions",
                                Calls.chat("traced", "Where does the xylophone go?")
                                        .put("max_tokens", 16)
                                        .toString(),
                                "traceparent",
                                "00-" + TRACE + "-" + CALLER + "-01",
                                "Authorization",
                                "Bearer " + KEY)
                        .body()
                        .at("/usage");
                call(apprentice.port());
                page = calls.raw("/metrics").body();
                for (var way : SdkWay.values()) {
                    askByOurClient(way, apprentice.port());
                }
                logged = log.text();
            } // closing sends what is left
            keys = collector.traces().stream()
                    .map(it -> it.getHeader("api-key"))
                    .toList();
            spans = collector.spans();
            points = collector.points();
            everything = collector.everything();
        }
    }

    private static void call(int port) {
        var channel = ManagedChannelBuilder.forAddress("localhost", port)
                .usePlaintext()
                .build();
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + OTHER_TRACE + "-" + CALLER + "-01");
        var request = AskRequest.newBuilder()
                .setModel("base")
                .setMaxTokens(2)
                .addMessages(Message.newBuilder().setRole("user").setContent("Name a xylophone."))
                .build();
        assertThat(AgentGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .ask(request)
                        .getId())
                .isNotEmpty();
        channel.shutdownNow();
    }

    private static void askByOurClient(SdkWay way, int port) {
        var caller = SpanContext.create(traceOf(way), CALLER, TraceFlags.getSampled(), TraceState.getDefault());
        try (var client = way.to(port).build();
                var _ = Context.root()
                        .with(io.opentelemetry.api.trace.Span.wrap(caller))
                        .makeCurrent()) {
            assertThat(client.ask(SdkWay.ask("base")).id()).isNotEmpty();
        }
    }

    private static String traceOf(SdkWay way) {
        return switch (way) {
            case HTTP -> "5e1f92f3577b34da6a3ce929d0e0e701";
            case GRPC -> "5e1f92f3577b34da6a3ce929d0e0e702";
        };
    }

    @ParameterizedTest
    @EnumSource(SdkWay.class)
    void aCallOfOurClientIsInTheTraceOfItsCaller(SdkWay way) {
        assertThat(of(traceOf(way)))
                .filteredOn(span -> span.parent().equals(CALLER))
                .hasSize(1);
        assertThat(named(traceOf(way), "chat base").parent()).isNotEqualTo(CALLER);
    }

    @Test
    void anAnswerIsATraceBelowItsCallersWithASpanForEachStage() {
        var edge = named(TRACE, "POST /v1/chat/completions");
        var chat = named(TRACE, "chat traced");
        assertThat(edge.parent()).isEqualTo(CALLER);
        assertThat(edge.attributes()).containsEntry("http.response.status_code", "200");
        assertThat(chat.parent()).isEqualTo(edge.id());
        assertThat(of(TRACE))
                .filteredOn(span -> span.parent().equals(chat.id()))
                .extracting(Span::name)
                .containsExactlyInAnyOrder(
                        "apprentice.recall",
                        "apprentice.queue",
                        "apprentice.prefill",
                        "apprentice.decode",
                        "apprentice.record", // the question, before its id is shown
                        "apprentice.record"); // the answer
        assertThat(chat.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.provider.name", "apprentice")
                .containsEntry("gen_ai.request.model", "traced")
                .containsEntry("gen_ai.request.max_tokens", "16")
                .containsEntry("apprentice.recalled", "1")
                .containsEntry(
                        "gen_ai.usage.input_tokens", usage.at("/prompt_tokens").asText());
    }

    @Test
    void aCallByGrpcIsATraceBelowItsCallersToo() {
        var edge = named(OTHER_TRACE, "apprentice.v1.Agent/Ask");
        var chat = named(OTHER_TRACE, "chat base");
        assertThat(edge.parent()).isEqualTo(CALLER);
        assertThat(edge.attributes())
                .containsEntry("rpc.system.name", "grpc")
                .containsEntry("rpc.response.status_code", "OK");
        assertThat(chat.parent()).isEqualTo(edge.id());
        assertThat(page).contains("apprentice_grpc_calls_total{method=\"apprentice.v1.Agent/Ask\",status=\"OK\"} 1");
    }

    @Test
    void theFiguresOfThePageAreSentUnderTheNamesOfTheConventions() {
        assertThat(points)
                .extracting(Point::metric)
                .allMatch(name -> name.startsWith("apprentice.") || name.startsWith("gen_ai."))
                .contains(
                        "gen_ai.server.request.duration",
                        "gen_ai.server.time_to_first_token",
                        "gen_ai.server.time_per_output_token",
                        "apprentice.http_requests",
                        "apprentice.running_sequences");
        assertThat(point("gen_ai.client.token.usage", "gen_ai.token.type", "input")
                        .value())
                .isEqualTo(usage.at("/prompt_tokens").asDouble());
        assertThat(point("gen_ai.server.request.duration", "gen_ai.operation.name", "chat")
                        .unit())
                .isEqualTo("s");
        assertThat(point("apprentice.input_tokens", "apprentice.instance", "traced")
                        .value())
                .isEqualTo(usage.at("/prompt_tokens").asDouble());
        var shown = FAMILY.matcher(page)
                .results()
                .map(found ->
                        found.group(1).replaceAll("_(total|seconds|bytes)$", "").replace('.', '_'))
                .collect(Collectors.toSet());
        assertThat(points.stream()
                        .map(point -> point.metric().replace('.', '_'))
                        .collect(Collectors.toSet()))
                .containsAll(shown)
                .hasSameSizeAs(shown);
    }

    @Test
    void nothingThatWasSaidAndNoKeyIsTold() {
        assertThat(keys).isNotEmpty().containsOnly("hunter2");
        assertThat(logged).contains("event=request");
        for (var told : List.of(everything, page, logged)) {
            assertThat(told).doesNotContain("xylophone", "quillwort", KEY, "hunter2");
        }
    }

    private List<Span> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private Span named(String trace, String name) {
        return of(trace).stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + spans));
    }

    private Point point(String metric, String attribute, String value) {
        return points.stream()
                .filter(it -> it.metric().equals(metric)
                        && value.equals(it.attributes().get(attribute)))
                .filter(it -> it.attributes()
                        .getOrDefault("gen_ai.request.model", "traced")
                        .equals("traced"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + metric + " of " + value + " in " + points));
    }
}
