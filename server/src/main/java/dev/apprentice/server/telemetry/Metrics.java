package dev.apprentice.server.telemetry;

import dev.apprentice.server.telemetry.Inference.Operation;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What is counted, once for all who ask for it. Names begin with {@code apprentice_}, or with {@code gen_ai_} where the
 * GenAI conventions have one; no label holds an id that clients can make up. Safe for use by many threads.
 */
final class Metrics {
    /** What an instance beyond {@link #INSTANCES_MAX} is counted under. */
    static final String OTHER = "other";

    /** Who answers, in the words of the conventions. */
    static final String PROVIDER = "apprentice";

    private static final int INSTANCES_MAX = 100;
    private static final String[] ASKED = {"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"};

    // boundaries as the conventions want them, except ours, which are those of HTTP with a longer end
    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
    private static final double[] WHOLE_SECONDS = {
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    private static final double[] FIRST_SECONDS = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
    };
    private static final double[] BETWEEN_SECONDS = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5
    };
    private static final double[] TOKENS = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

    final PrometheusRegistry registry = new PrometheusRegistry();
    final Counter requests = counter("http_requests", "Requests answered.", "method", "route", "status");
    final Histogram durations = histogram(
            "apprentice_http_request_duration_seconds", "From head to the end of the answer.", SECONDS, "route");
    final Gauge inFlight = gauge("http_requests_in_flight", "Requests inside.");
    final Counter calls = counter("grpc_calls", "Calls answered.", "method", "status");
    final Gauge callsInFlight = gauge("grpc_calls_in_flight", "Calls inside.");
    final Counter recalled = counter("recall", "Answers by whether a lesson acted on them.", "hit");
    final Counter studies = counter("studies", "Studies begun.");
    final Counter studyTokens =
            counter("study_tokens", "Tokens of the steps of studies that are in the list of events.");
    final Counter exams = counter("exams", "Candidates examined, by result.", "result");
    final Counter promotions = counter("promotions", "Checkpoints gone live.");
    final Counter rollbacks = counter("rollbacks", "Earlier checkpoints gone live again.");
    final Counter broken = counter("checkpoints_broken", "Live checkpoints found damaged.");

    private final Counter answers = counter("answers", "Answers by how they ended.", "instance", "ending");
    private final Counter tokensIn = counter("input_tokens", "Tokens of prompts.", "instance");
    private final Counter tokensOut = counter("output_tokens", "Tokens sampled.", "instance");
    private final Histogram whole = histogram(
            "gen_ai_server_request_duration_seconds",
            "From the question to its last token.",
            WHOLE_SECONDS,
            with("error_type"));
    private final Histogram first = histogram(
            "gen_ai_server_time_to_first_token_seconds",
            "From the question to its first token, of whole answers.",
            FIRST_SECONDS,
            ASKED);
    private final Histogram between = histogram(
            "gen_ai_server_time_per_output_token_seconds",
            "Mean time between tokens, of whole answers.",
            BETWEEN_SECONDS,
            ASKED);
    private final Histogram usage = histogram(
            "gen_ai_client_token_usage", "Tokens of a question and of its answer.", TOKENS, with("gen_ai_token_type"));

    private final Set<String> instances = new HashSet<>();

    /** Who was asked for what. */
    record Asked(String operation, String model) {
        private String[] labels() {
            return new String[] {operation, PROVIDER, model};
        }

        private String[] labels(String last) {
            return new String[] {operation, PROVIDER, model, last};
        }
    }

    /** Known series are there from the start, so that a rate over them sees their first step. */
    Metrics() {
        exams.initLabelValues("passed");
        exams.initLabelValues("failed");
        recalled.initLabelValues("true");
        recalled.initLabelValues("false");
        tokensIn.initLabelValues(OTHER);
        tokensOut.initLabelValues(OTHER);
        var asked = new Asked(Operation.CHAT.word(), OTHER);
        whole.initLabelValues(asked.labels(""));
        first.initLabelValues(asked.labels());
        between.initLabelValues(asked.labels());
        usage.initLabelValues(asked.labels("input"));
        usage.initLabelValues(asked.labels("output"));
        for (var ending : AnswerSpan.Ending.values()) {
            answers.initLabelValues(OTHER, ending.word());
        }
    }

    /** What an answer by {@code model} is counted under, whose pinned checkpoint is not told apart. */
    synchronized Asked asked(Operation operation, String model) {
        int at = model.indexOf('@');
        var name = at < 0 ? model : model.substring(0, at);
        if (!instances.contains(name) && instances.size() >= INSTANCES_MAX) {
            return new Asked(operation.word(), OTHER);
        }
        instances.add(name);
        return new Asked(operation.word(), name);
    }

    void firstToken(Asked asked, double seconds) {
        first.labelValues(asked.labels()).observe(seconds);
    }

    void betweenTokens(Asked asked, double seconds) {
        between.labelValues(asked.labels()).observe(seconds);
    }

    /** An answer came to its end. */
    void ended(Asked asked, AnswerSpan.Ending ending, String fault, int prompt, long tokens, double seconds) {
        tokensIn.labelValues(asked.model()).inc(prompt);
        tokensOut.labelValues(asked.model()).inc(tokens);
        answers.labelValues(asked.model(), ending.word()).inc();
        whole.labelValues(asked.labels(fault)).observe(seconds);
        if (prompt > 0) {
            usage.labelValues(asked.labels("input")).observe(prompt);
        }
        usage.labelValues(asked.labels("output")).observe((double) tokens);
    }

    /**
     * All figures as they are now, without the series of whoever is not in {@code present}: also those that an answer
     * made that went on after its instance was deleted.
     */
    MetricSnapshots scrape(Set<String> present) {
        synchronized (this) {
            instances.retainAll(present);
        }
        keep(present, 0, tokensIn, tokensOut, answers);
        keep(present, 2, whole, first, between, usage);
        return registry.scrape();
    }

    private static void keep(Set<String> present, int label, StatefulMetric<?, ?>... metrics) {
        for (var metric : metrics) {
            metric.removeIf(labels ->
                    !present.contains(labels.get(label)) && !labels.get(label).equals(OTHER));
        }
    }

    private static String[] with(String label) {
        var labels = Arrays.copyOf(ASKED, ASKED.length + 1);
        labels[ASKED.length] = label;
        return labels;
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name("apprentice_" + name + "_total")
                .help(help)
                .labelNames(labels)
                .register(registry);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder().name("apprentice_" + name).help(help).register(registry);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames(labels)
                .register(registry);
    }
}
