package dev.apprentice.server.telemetry;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One call of gRPC as figures and as a span, child of the caller's if its metadata says so. */
final class CallSpans implements ServerInterceptor {
    private static final TextMapGetter<Metadata> METADATA = new Texts();

    private final Metrics metrics;
    private final Tracing tracing;

    CallSpans(Metrics metrics, Tracing tracing) {
        this.metrics = metrics;
        this.tracing = tracing;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var method = call.getMethodDescriptor().getFullMethodName();
        var parent = tracing.propagator().extract(Context.root(), headers, METADATA);
        var span = tracing.tracer()
                .spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("rpc.system.name", "grpc")
                .setAttribute("rpc.method", method)
                .startSpan();
        var visit = new Visit(span, method);
        var context = parent.with(span);
        metrics.callsInFlight.inc();
        try (var _ = context.makeCurrent()) {
            var told = new SimpleForwardingServerCall<Q, A>(call) {
                @Override
                public void close(Status status, Metadata trailers) {
                    visit.end(status.getCode());
                    super.close(status, trailers);
                }
            };
            return new Within<>(next.startCall(told, headers), context, visit);
        }
    }

    /** One call until it ends, which it does once. */
    private final class Visit {
        private final Span span;
        private final String method;
        private final AtomicBoolean over = new AtomicBoolean();

        Visit(Span span, String method) {
            this.span = span;
            this.method = method;
        }

        void end(Status.Code code) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            metrics.callsInFlight.dec();
            metrics.calls.labelValues(method, code.name()).inc();
            span.setAttribute("rpc.response.status_code", code.name());
            switch (code) {
                case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
                    span.setAttribute("error.type", code.name()).setStatus(StatusCode.ERROR);
                case OK,
                        CANCELLED,
                        INVALID_ARGUMENT,
                        NOT_FOUND,
                        ALREADY_EXISTS,
                        PERMISSION_DENIED,
                        RESOURCE_EXHAUSTED,
                        FAILED_PRECONDITION,
                        ABORTED,
                        OUT_OF_RANGE,
                        UNAUTHENTICATED -> {}
            }
            span.end();
        }
    }

    /** Handles the call with its span as the current one, so that answers and log lines belong to it. */
    private static final class Within<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Context context;
        private final Visit visit;

        Within(ServerCall.Listener<Q> inner, Context context, Visit visit) {
            super(inner);
            this.context = context;
            this.visit = visit;
        }

        @Override
        public void onMessage(Q message) {
            try (var _ = context.makeCurrent()) {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            try (var _ = context.makeCurrent()) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            try (var _ = context.makeCurrent()) {
                super.onCancel();
            } finally {
                visit.end(Status.Code.CANCELLED);
            }
        }
    }

    /** Reads metadata for the propagator. */
    private static final class Texts implements TextMapGetter<Metadata> {
        @Override
        public @Nullable String get(@Nullable Metadata metadata, String key) {
            return metadata == null ? null : metadata.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        }
    }
}
