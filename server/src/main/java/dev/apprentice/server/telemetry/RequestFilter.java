package dev.apprentice.server.telemetry;

import dev.apprentice.server.http.Routes.Route;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request as figures and as a span, child of the caller's if the request says so. */
final class RequestFilter implements Filter {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final TextMapGetter<RoutingRequest> HEADERS = new Headers();
    private static final int SERVER_FAULT = 500;
    private static final double NANOS = 1e9;

    private final Metrics metrics;
    private final Tracing tracing;

    RequestFilter(Metrics metrics, Tracing tracing) {
        this.metrics = metrics;
        this.tracing = tracing;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var text = request.prologue().method().text();
        var method = METHODS.contains(text) ? text : "other"; // clients can make methods up
        var parent = tracing.propagator().extract(Context.root(), request, HEADERS);
        var span = tracing.tracer()
                .spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .startSpan();
        var began = System.nanoTime();
        metrics.inFlight.inc();
        try (var _ = parent.with(span).makeCurrent()) {
            chain.proceed();
        } finally {
            metrics.inFlight.dec();
            var route = request.context().get(Route.class).map(Route::path).orElse("none");
            end(span, method, route, response.status().code());
            metrics.durations.labelValues(route).observe((System.nanoTime() - began) / NANOS);
        }
    }

    private void end(Span span, String method, String route, int status) {
        metrics.requests.labelValues(method, route, Integer.toString(status)).inc();
        span.updateName(method + " " + route);
        span.setAttribute("http.route", route);
        span.setAttribute("http.response.status_code", status);
        if (status >= SERVER_FAULT) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** Reads headers for the propagator. */
    private static final class Headers implements TextMapGetter<RoutingRequest> {
        @Override
        public @Nullable String get(@Nullable RoutingRequest request, String key) {
            return request == null
                    ? null
                    : request.headers().first(HeaderNames.create(key)).orElse(null);
        }
    }
}
