package dev.apprentice.server;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a collector receives, read field by field (opentelemetry-proto, trace/v1/trace.proto). */
@Timeout(300)
final class TracingServerTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    Path data;

    /** A span as the collector reads it. */
    record Told(String name, String trace, String id, String parent, Map<String, String> attributes) {}

    @Test
    void anAnswerIsATraceBelowItsCallersAndTellsNoContent() throws IOException, InterruptedException {
        var collector = new WireMockServer(wireMockConfig().dynamicPort());
        collector.start();
        try {
            collector.stubFor(post(anyUrl()).willReturn(ok()));
            var flags =
                    Map.of("telemetry.otlp.endpoint", collector.baseUrl(), "telemetry.otlp.headers", "api-key=hunter2");
            try (var apprentice = RealModel.open(data, flags)) {
                ask(apprentice.port());
            } // closing sends what is left
            var bodies = collector.findAll(postRequestedFor(urlEqualTo("/v1/traces")));
            assertThat(bodies)
                    .isNotEmpty()
                    .allSatisfy(it -> assertThat(it.getHeader("api-key")).isEqualTo("hunter2"));
            var spans = new HashMap<String, Told>();
            for (var body : bodies) {
                spans(body.getBody()).forEach(span -> spans.put(span.name(), span));
            }
            check(spans);
        } finally {
            collector.stop();
        }
    }

    private static void check(Map<String, Told> spans) {
        assertThat(spans).containsOnlyKeys("POST /v1/chat/completions", "chat base", "prefill", "decode");
        var edge = named(spans, "POST /v1/chat/completions");
        var chat = named(spans, "chat base");
        assertThat(spans.values()).allSatisfy(span -> assertThat(span.trace()).isEqualTo(TRACE));
        assertThat(edge.parent()).isEqualTo(CALLER);
        assertThat(edge.attributes()).containsEntry("http.response.status_code", "200");
        assertThat(chat.parent()).isEqualTo(edge.id());
        assertThat(named(spans, "prefill").parent()).isEqualTo(chat.id());
        assertThat(named(spans, "decode").parent()).isEqualTo(chat.id());
        assertThat(chat.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", "base")
                .containsEntry("gen_ai.usage.output_tokens", "4");
        assertThat(Long.parseLong(chat.attributes().getOrDefault("gen_ai.usage.input_tokens", "0")))
                .isPositive();
        assertThat(spans.toString()).doesNotContain("xylophone");
    }

    private static Told named(Map<String, Told> spans, String name) {
        return Objects.requireNonNull(spans.get(name), name);
    }

    private static void ask(int port) throws IOException, InterruptedException {
        var body = Calls.chat("base", "Tell me of a xylophone.")
                .put("max_tokens", 4)
                .toString();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    /** ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2). */
    private static List<Told> spans(byte[] body) throws IOException {
        var told = new ArrayList<Told>();
        for (var resource : messages(UnknownFieldSet.parseFrom(unpacked(body)), 1)) {
            for (var scope : messages(resource, 2)) {
                for (var span : messages(scope, 2)) {
                    told.add(new Told(text(span, 5), hex(span, 1), hex(span, 2), hex(span, 4), attributes(span)));
                }
            }
        }
        return told;
    }

    /** Span.attributes(9): KeyValue key(1), value(2): AnyValue string(1) or int(3). */
    private static Map<String, String> attributes(UnknownFieldSet span) throws InvalidProtocolBufferException {
        var attributes = new HashMap<String, String>();
        for (var pair : messages(span, 9)) {
            var value = messages(pair, 2).getFirst();
            var whole = value.getField(3).getVarintList();
            attributes.put(text(pair, 1), whole.isEmpty() ? text(value, 1) : Long.toString(whole.getFirst()));
        }
        return attributes;
    }

    private static byte[] unpacked(byte[] body) throws IOException {
        if (body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
            try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
                return in.readAllBytes();
            }
        }
        return body;
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        var messages = new ArrayList<UnknownFieldSet>();
        for (var bytes : in.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    private static String text(UnknownFieldSet in, int field) {
        var found = in.getField(field).getLengthDelimitedList();
        return found.isEmpty() ? "" : found.getFirst().toString(StandardCharsets.UTF_8);
    }

    private static String hex(UnknownFieldSet in, int field) {
        var found = in.getField(field).getLengthDelimitedList();
        return found.isEmpty() ? "" : HexFormat.of().formatHex(found.getFirst().toByteArray());
    }
}
