package dev.apprentice.server.telemetry;

import dev.apprentice.engine.Closing;
import dev.apprentice.engine.Engine;
import dev.apprentice.learner.Learner;
import dev.apprentice.server.http.Routes;
import dev.apprentice.server.security.Access;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.function.IntSupplier;

/** What is known of the running server from outside: {@code /metrics} and traces. Safe for use by many threads. */
public final class Telemetry implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final Learner learner;
    private final String base;
    private final Closing house = new Closing();

    /** Watches over {@code engine} and {@code learner} until it is closed. */
    public Telemetry(Export export, Engine engine, Learner learner) {
        this.learner = learner;
        this.base = engine.base().name();
        this.tracing = house.add(Tracing.open(export));
        Gauges.register(metrics.registry, engine, learner);
        house.add(new EventTail(learner.events(), metrics, tracing.tracer()));
    }

    /** The page of metrics. */
    public void routing(Routes routes) {
        routes.needing(Access.MONITOR).get("/metrics", this::page);
    }

    /** Counts every request and makes its span; the outermost filter but for the clock of the connection. */
    public Filter filter() {
        return new RequestFilter(metrics, tracing);
    }

    /** An answer by {@code model}, which there is, begins; those at a checkpoint of their own are counted together. */
    public AnswerSpan answer(String model) {
        return new AnswerSpan(metrics, tracing.tracer(), model.indexOf('@') < 0 ? model : Metrics.OTHER, base);
    }

    /** Also shows how many clients listen to events. */
    public void subscribers(IntSupplier count) {
        Gauges.one(metrics.registry, "event_subscribers", "Clients that listen to events.", count::getAsInt);
    }

    private void page(ServerRequest request, ServerResponse response) throws IOException {
        metrics.keep(new HashSet<>(learner.models()));
        var writer = PrometheusTextFormatWriter.create();
        var out = new ByteArrayOutputStream();
        writer.write(out, metrics.registry.scrape());
        response.header("Content-Type", writer.getContentType());
        response.send(out.toByteArray());
    }

    /** Sends what is left of the traces. */
    @Override
    public void close() {
        house.close();
    }
}
