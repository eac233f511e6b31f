package dev.apprentice.server.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way to the collector: one line in the log when it is lost and one when it is there again, instead of one for each
 * batch and signal; what the exporters log themselves is off in {@code config/logging.properties}.
 */
final class CollectorLine {
    private static final System.Logger LOG = System.getLogger(CollectorLine.class.getName());

    private final URI endpoint;
    private final AtomicBoolean lost = new AtomicBoolean();

    CollectorLine(URI endpoint) {
        this.endpoint = endpoint;
    }

    SpanExporter over(SpanExporter exporter) {
        return new Spans(exporter);
    }

    MetricExporter over(MetricExporter exporter) {
        return new Figures(exporter);
    }

    private CompletableResultCode watched(CompletableResultCode result) {
        return result.whenComplete(() -> {
            if (lost.compareAndSet(result.isSuccess(), !result.isSuccess())) {
                LOG.log(
                        result.isSuccess() ? Level.INFO : Level.WARNING,
                        "event=" + (result.isSuccess() ? "collector_found" : "collector_lost") + " endpoint="
                                + endpoint);
            }
        });
    }

    private final class Spans implements SpanExporter {
        private final SpanExporter exporter;

        Spans(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return watched(exporter.export(spans));
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }

    private final class Figures implements MetricExporter {
        private final MetricExporter exporter;

        Figures(MetricExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            return watched(exporter.export(metrics));
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return exporter.getAggregationTemporality(type);
        }
    }
}
