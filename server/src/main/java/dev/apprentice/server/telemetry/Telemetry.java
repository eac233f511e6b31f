package dev.apprentice.server.telemetry;

import dev.apprentice.engine.Closing;
import dev.apprentice.engine.Engine;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.security.Access;
import io.grpc.ServerInterceptor;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.function.IntSupplier;

/**
 * What is known of the running server from outside: {@code /metrics}, traces, and the same figures by OTLP. Safe for
 * use by many threads.
 */
public final class Telemetry implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final Learner learner;
    private final String base;
    private final boolean capturesContent;
    private final Closing house = new Closing();

    /** Watches over {@code engine} and {@code learner} until it is closed. */
    public Telemetry(Export export, Engine engine, Learner learner) {
        this.learner = learner;
        this.base = engine.base().name();
        this.capturesContent = export.capturesContent();
        Gauges.register(metrics.registry, engine, learner);
        this.tracing = house.add(Tracing.open(export, this::figures));
        var studies = new StudySpans(tracing.tracer());
        learner.watchStudies(studies::over);
        house.add(new EventTail(learner.events(), metrics, studies));
    }

    /** The page of metrics. */
    public void routing(Routes routes) {
        routes.needing(Access.MONITOR).get("/metrics", this::page);
    }

    /** Counts every request and makes its span; the outermost filter but for the clock of the connection. */
    public Filter filter() {
        return new RequestFilter(metrics, tracing);
    }

    /** The same for every call of gRPC; before whoever may refuse it. */
    public ServerInterceptor interceptor() {
        return new CallSpans(metrics, tracing);
    }

    /** An answer begins, by somebody who is there. */
    public AnswerSpan answer(Inference inference) {
        return new AnswerSpan(metrics, tracing.tracer(), inference, base, capturesContent);
    }

    /** Also shows how many clients listen to events. */
    public void subscribers(IntSupplier count) {
        Gauges.one(metrics.registry, "event_subscribers", "Clients that listen to events.", count::getAsInt);
    }

    private void page(ServerRequest request, ServerResponse response) throws IOException {
        var writer = PrometheusTextFormatWriter.create();
        var out = new ByteArrayOutputStream();
        writer.write(out, figures());
        response.header("Content-Type", writer.getContentType());
        response.send(out.toByteArray());
    }

    private MetricSnapshots figures() {
        return metrics.scrape(new HashSet<>(learner.models()));
    }

    /** Sends what is left. */
    @Override
    public void close() {
        house.close();
    }
}
