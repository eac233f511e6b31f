package dev.apprentice.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tracer, and what sends its spans and the figures. Without an address nothing is sent and nothing recorded, but
 * every request has a trace id that its log lines show. Spans wait in a queue with an end; where it is full, or the
 * collector does not take them in time, they are lost, and nobody waits for it.
 */
final class Tracing implements AutoCloseable {
    static final String SCOPE = "dev.apprentice";
    private static final Duration SPANS_EVERY = Duration.ofSeconds(1);
    private static final Duration FIGURES_EVERY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LAST_SECONDS = 5;

    private final SdkTracerProvider provider;
    private final @Nullable SdkMeterProvider figures;

    private Tracing(SdkTracerProvider provider, @Nullable SdkMeterProvider figures) {
        this.provider = provider;
        this.figures = figures;
    }

    static Tracing open(Export export, Supplier<MetricSnapshots> figures) {
        return open(export, figures, PATIENCE);
    }

    /** The same with a collector that is waited for as long as {@code patience}. */
    static Tracing open(Export export, Supplier<MetricSnapshots> figures, Duration patience) {
        var endpoint = export.endpoint();
        if (endpoint == null) {
            var idsOnly = SdkTracerProvider.builder()
                    .setSampler(Sampler.alwaysOff())
                    .addSpanProcessor(
                            SimpleSpanProcessor.create(SpanExporter.composite())) // without any, no ids either
                    .build();
            return new Tracing(idsOnly, null);
        }
        var line = new CollectorLine(endpoint);
        var name = Attributes.of(AttributeKey.stringKey("service.name"), "apprentice");
        var resource = Resource.getDefault().merge(Resource.create(name));
        var spans = BatchSpanProcessor.builder(line.over(spans(endpoint, export.headers(), patience)))
                .setScheduleDelay(SPANS_EVERY)
                .setExporterTimeout(patience)
                .build();
        var tracer = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(export.sampling())))
                .addSpanProcessor(spans)
                .build();
        var reader = PeriodicMetricReader.builder(line.over(figures(endpoint, export.headers(), patience)))
                .setInterval(FIGURES_EVERY)
                .build();
        var meter = SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(reader)
                .registerView(
                        InstrumentSelector.builder().setName("otel.*").build(), // the kit's figures about itself
                        View.builder().setAggregation(Aggregation.drop()).build())
                .registerMetricProducer(new OtlpMetrics(figures))
                .build();
        return new Tracing(tracer, meter);
    }

    private static OtlpHttpSpanExporter spans(URI endpoint, Map<String, String> headers, Duration patience) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(below(endpoint, "/v1/traces"))
                .setRetryPolicy(null) // the next batch comes in a second
                .setTimeout(patience);
        headers.forEach(exporter::addHeader);
        return exporter.build();
    }

    private static OtlpHttpMetricExporter figures(URI endpoint, Map<String, String> headers, Duration patience) {
        var exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(below(endpoint, "/v1/metrics"))
                .setRetryPolicy(null)
                .setTimeout(patience);
        headers.forEach(exporter::addHeader);
        return exporter.build();
    }

    private static String below(URI endpoint, String path) {
        return endpoint.toString().replaceAll("/$", "") + path;
    }

    Tracer tracer() {
        return provider.get(SCOPE);
    }

    /** W3C trace context, taken from the request's headers. */
    TextMapPropagator propagator() {
        return W3CTraceContextPropagator.getInstance();
    }

    @Override
    public void close() {
        var last = figures == null ? CompletableResultCode.ofSuccess() : figures.shutdown();
        CompletableResultCode.ofAll(List.of(provider.shutdown(), last)).join(LAST_SECONDS, TimeUnit.SECONDS);
    }
}
