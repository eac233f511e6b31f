package dev.apprentice.server;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A collector; what it is sent is read field by field (opentelemetry-proto, trace.proto and metrics.proto). */
final class OtlpReceiver implements AutoCloseable {
    private final WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());

    OtlpReceiver() {
        server.start();
        server.stubFor(post(anyUrl()).willReturn(ok()));
    }

    /** A span; {@code links}: the ids of spans that it is linked to. */
    record Span(
            String name,
            String trace,
            String id,
            String parent,
            Map<String, String> attributes,
            List<String> links,
            Duration lasted) {}

    /** One series of a metric; {@code value}: the sum of a histogram. */
    record Point(String metric, String unit, Map<String, String> attributes, double value) {}

    String url() {
        return server.baseUrl();
    }

    List<LoggedRequest> traces() {
        return server.findAll(postRequestedFor(urlEqualTo("/v1/traces")));
    }

    List<LoggedRequest> metrics() {
        return server.findAll(postRequestedFor(urlEqualTo("/v1/metrics")));
    }

    /** Everything that came, as characters of one byte. */
    String everything() throws IOException {
        var all = new StringBuilder();
        for (var request : traces()) {
            all.append(new String(unpacked(request.getBody()), StandardCharsets.ISO_8859_1));
        }
        for (var request : metrics()) {
            all.append(new String(unpacked(request.getBody()), StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    /** ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2). */
    List<Span> spans() throws IOException {
        var told = new ArrayList<Span>();
        for (var request : traces()) {
            for (var span : deep(UnknownFieldSet.parseFrom(unpacked(request.getBody())), 1, 2, 2)) {
                told.add(span(span));
            }
        }
        return told;
    }

    private static Span span(UnknownFieldSet span) throws InvalidProtocolBufferException {
        var links = new ArrayList<String>();
        for (var link : deep(span, 13)) {
            links.add(hex(link, 2));
        }
        var lasted = span.getField(8).getFixed64List().getFirst()
                - span.getField(7).getFixed64List().getFirst();
        return new Span(
                text(span, 5),
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                attributes(span, 9),
                links,
                Duration.ofNanos(lasted));
    }

    /** ExportMetricsServiceRequest.resource_metrics(1).scope_metrics(2).metrics(2), of the last request. */
    List<Point> points() throws IOException {
        var told = new ArrayList<Point>();
        var last = UnknownFieldSet.parseFrom(unpacked(metrics().getLast().getBody()));
        for (var metric : deep(last, 1, 2, 2)) {
            for (var number : deep(metric, 5, 1)) { // Metric.gauge(5).data_points(1)
                told.add(point(metric, number, 7, 4));
            }
            for (var number : deep(metric, 7, 1)) { // Metric.sum(7).data_points(1)
                told.add(point(metric, number, 7, 4));
            }
            for (var histogram : deep(metric, 9, 1)) { // Metric.histogram(9).data_points(1)
                told.add(point(metric, histogram, 9, 5));
            }
        }
        return told;
    }

    private static Point point(UnknownFieldSet metric, UnknownFieldSet point, int attributes, int value)
            throws InvalidProtocolBufferException {
        var bits = point.getField(value).getFixed64List();
        return new Point(
                text(metric, 1),
                text(metric, 3),
                attributes(point, attributes),
                bits.isEmpty() ? 0 : Double.longBitsToDouble(bits.getFirst()));
    }

    /** KeyValue key(1), value(2): AnyValue string(1) or int(3). */
    private static Map<String, String> attributes(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        var attributes = new HashMap<String, String>();
        for (var pair : deep(in, field)) {
            var value = deep(pair, 2).getFirst();
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

    /** The messages at the end of the path {@code fields}. */
    private static List<UnknownFieldSet> deep(UnknownFieldSet in, int... fields) throws InvalidProtocolBufferException {
        var messages = List.of(in);
        for (var field : fields) {
            var below = new ArrayList<UnknownFieldSet>();
            for (var message : messages) {
                for (var bytes : message.getField(field).getLengthDelimitedList()) {
                    below.add(UnknownFieldSet.parseFrom(bytes));
                }
            }
            messages = below;
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

    @Override
    public void close() {
        server.stop();
    }
}
