package dev.apprentice.server.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted. Every name begins with {@code apprentice_}; no label holds an id that clients can make up. */
final class Metrics {
    /** What an instance beyond {@link #INSTANCES_MAX} is counted under. */
    static final String OTHER = "other";

    private static final int INSTANCES_MAX = 100;

    final PrometheusRegistry registry = new PrometheusRegistry();
    final Counter requests = counter("http_requests", "Requests answered.", "method", "route", "status");
    final Histogram durations =
            histogram("http_request_duration_seconds", "From head to the end of the answer.", "route");
    final Gauge inFlight = gauge("http_requests_in_flight", "Requests inside.");
    final Counter answers = counter("answers", "Answers by how they ended.", "instance", "ending");
    final Counter tokensIn = counter("input_tokens", "Tokens of prompts.", "instance");
    final Counter tokensOut = counter("output_tokens", "Tokens sampled.", "instance");
    final Histogram firstToken = histogram("time_to_first_token_seconds", "From the question to its first token.");
    final Histogram betweenTokens =
            histogram("time_per_output_token_seconds", "Mean time between tokens of an answer.");
    final Counter recalled = counter("recall", "Answers by whether a lesson acted on them.", "hit");
    final Counter studies = counter("studies", "Studies begun.");
    final Counter studyTokens =
            counter("study_tokens", "Tokens of the steps of studies that are in the list of events.");
    final Counter exams = counter("exams", "Candidates examined, by result.", "result");
    final Counter promotions = counter("promotions", "Checkpoints gone live.");
    final Counter rollbacks = counter("rollbacks", "Earlier checkpoints gone live again.");
    final Counter broken = counter("checkpoints_broken", "Live checkpoints found damaged.");

    private final Set<String> instances = ConcurrentHashMap.newKeySet();

    /** Known series are there from the start, so that a rate over them sees their first step. */
    Metrics() {
        exams.initLabelValues("passed");
        exams.initLabelValues("failed");
        recalled.initLabelValues("true");
        recalled.initLabelValues("false");
        tokensIn.initLabelValues(OTHER);
        tokensOut.initLabelValues(OTHER);
        for (var ending : AnswerSpan.Ending.values()) {
            answers.initLabelValues(OTHER, ending.word());
        }
    }

    /** The value of the label {@code instance} for {@code name}. */
    synchronized String instance(String name) {
        if (!instances.contains(name) && instances.size() >= INSTANCES_MAX) {
            return OTHER;
        }
        instances.add(name);
        return name;
    }

    /** Drops the series of whoever is not in {@code present}. */
    synchronized void keep(Set<String> present) {
        for (var name : List.copyOf(instances)) {
            if (!present.contains(name)) {
                instances.remove(name);
                tokensIn.remove(name);
                tokensOut.remove(name);
                for (var ending : AnswerSpan.Ending.values()) {
                    answers.remove(name, ending.word());
                }
            }
        }
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

    private Histogram histogram(String name, String help, String... labels) {
        return Histogram.builder()
                .name("apprentice_" + name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
                .labelNames(labels)
                .register(registry);
    }
}
