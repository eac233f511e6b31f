package dev.apprentice.server.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The figures of the page of metrics, in OpenTelemetry's form and under its names. They are not counted a second time:
 * what OpenTelemetry's own instruments count can not be taken back, and the series of a deleted instance must go.
 */
final class OtlpMetrics implements MetricProducer {
    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create(Tracing.SCOPE);
    private static final String OURS = "apprentice_";

    /** How the conventions write what Prometheus cannot: names with dots. */
    private static final Map<String, String> NAMES = Map.of(
            "gen_ai_server_request_duration", "gen_ai.server.request.duration",
            "gen_ai_server_time_to_first_token", "gen_ai.server.time_to_first_token",
            "gen_ai_server_time_per_output_token", "gen_ai.server.time_per_output_token",
            "gen_ai_client_token_usage", "gen_ai.client.token.usage",
            "gen_ai_operation_name", "gen_ai.operation.name",
            "gen_ai_provider_name", "gen_ai.provider.name",
            "gen_ai_request_model", "gen_ai.request.model",
            "gen_ai_token_type", "gen_ai.token.type",
            "error_type", "error.type");

    private final Supplier<MetricSnapshots> figures;

    /** Tells of {@code figures} as they are whenever they are collected. */
    OtlpMetrics(Supplier<MetricSnapshots> figures) {
        this.figures = figures;
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        var now = Clock.getDefault().now(); // the one that its spans have
        var told = new ArrayList<MetricData>();
        for (var figure : figures.get()) {
            var title = Title.of(figure.getMetadata().getPrometheusName());
            var help = figure.getMetadata().getHelp();
            told.add(new Told(resource, title.name(), help == null ? "" : help, title.unit(), data(figure, now)));
        }
        return told;
    }

    private static Data<?> data(MetricSnapshot figure, long now) {
        return switch (figure) {
            case CounterSnapshot counter ->
                SumData.createDoubleSumData(
                        true,
                        AggregationTemporality.CUMULATIVE,
                        counter.getDataPoints().stream()
                                .map(it -> point(it, it.getValue(), now))
                                .toList());
            case GaugeSnapshot gauge ->
                GaugeData.createDoubleGaugeData(gauge.getDataPoints().stream()
                        .map(it -> point(it, it.getValue(), now))
                        .toList());
            case HistogramSnapshot histogram ->
                HistogramData.create(
                        AggregationTemporality.CUMULATIVE,
                        histogram.getDataPoints().stream()
                                .map(it -> point(it, now))
                                .toList());
            default -> throw new AssertionError("no metric is a " + figure.getClass());
        };
    }

    private static DoublePointData point(DataPointSnapshot point, double value, long now) {
        return DoublePointData.create(began(point, now), now, attributes(point.getLabels()), value, List.of());
    }

    private static HistogramPointData point(HistogramDataPointSnapshot point, long now) {
        var buckets = point.getClassicBuckets();
        var bounds = new ArrayList<Double>();
        var counts = new ArrayList<Long>();
        for (int i = 0; i < buckets.size(); i++) {
            counts.add(buckets.getCount(i));
            if (i < buckets.size() - 1) { // the last one has no upper bound
                bounds.add(buckets.getUpperBound(i));
            }
        }
        return HistogramPointData.create(
                began(point, now),
                now,
                attributes(point.getLabels()),
                point.getSum(),
                false,
                0,
                false,
                0,
                bounds,
                counts);
    }

    private static long began(DataPointSnapshot point, long now) {
        return point.hasCreatedTimestamp() ? TimeUnit.MILLISECONDS.toNanos(point.getCreatedTimestampMillis()) : now;
    }

    private static Attributes attributes(Labels labels) {
        var attributes = Attributes.builder();
        labels.stream()
                .filter(label -> !label.getValue().isEmpty())
                .forEach(label -> attributes.put(
                        NAMES.getOrDefault(label.getName(), "apprentice." + label.getName()), label.getValue()));
        return attributes.build();
    }

    /** A metric's name and unit, which Prometheus writes as one. */
    private record Title(String name, String unit) {
        static Title of(String name) {
            if (name.endsWith("_seconds")) {
                return new Title(dotted(name.substring(0, name.length() - "_seconds".length())), "s");
            }
            if (name.endsWith("_bytes")) {
                return new Title(dotted(name.substring(0, name.length() - "_bytes".length())), "By");
            }
            return new Title(dotted(name), name.contains("token") ? "{token}" : "1");
        }

        private static String dotted(String name) {
            return name.startsWith(OURS)
                    ? "apprentice." + name.substring(OURS.length())
                    : NAMES.getOrDefault(name, name);
        }
    }

    /** One metric. */
    private record Told(Resource resource, String name, String description, String unit, Data<?> data)
            implements MetricData {
        @Override
        public Resource getResource() {
            return resource;
        }

        @Override
        public InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return SCOPE;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public String getUnit() {
            return unit;
        }

        @Override
        public MetricDataType getType() {
            return switch (data) {
                case SumData<?> _ -> MetricDataType.DOUBLE_SUM;
                case GaugeData<?> _ -> MetricDataType.DOUBLE_GAUGE;
                default -> MetricDataType.HISTOGRAM;
            };
        }

        @Override
        public Data<?> getData() {
            return data;
        }
    }
}
