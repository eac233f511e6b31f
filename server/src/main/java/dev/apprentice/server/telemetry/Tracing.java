package dev.apprentice.server.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The tracer, and what sends its spans; without an address it makes none. */
final class Tracing implements AutoCloseable {
    private static final String SCOPE = "dev.apprentice";
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int LAST_SECONDS = 5;

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    private Tracing(@Nullable SdkTracerProvider provider, Tracer tracer) {
        this.provider = provider;
        this.tracer = tracer;
    }

    static Tracing open(Export export) {
        var endpoint = export.endpoint();
        if (endpoint == null) {
            return new Tracing(null, OpenTelemetry.noop().getTracer(SCOPE));
        }
        var exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint.toString().replaceAll("/$", "") + "/v1/traces");
        export.headers().forEach(exporter::addHeader);
        var name = Attributes.of(AttributeKey.stringKey("service.name"), "apprentice");
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(name)))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(export.sampling())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter.build())
                        .setScheduleDelay(EVERY)
                        .build())
                .build();
        return new Tracing(provider, provider.get(SCOPE));
    }

    Tracer tracer() {
        return tracer;
    }

    /** W3C trace context, taken from the request's headers. */
    TextMapPropagator propagator() {
        return W3CTraceContextPropagator.getInstance();
    }

    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
        }
    }
}
