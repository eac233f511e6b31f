package dev.apprentice.server.telemetry;

import dev.apprentice.engine.Engine;
import dev.apprentice.learner.Learner;
import dev.apprentice.learner.lesson.LessonState;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** What is not counted but looked up whenever the page is asked for. */
final class Gauges {
    private final PrometheusRegistry registry;

    private Gauges(PrometheusRegistry registry) {
        this.registry = registry;
    }

    static void register(PrometheusRegistry registry, Engine engine, Learner learner) {
        var gauges = new Gauges(registry);
        gauges.add(
                "queue_length",
                "Requests without a place.",
                () -> engine.stats().waiting());
        gauges.add(
                "running_sequences",
                "Answers in the batch.",
                () -> engine.stats().running());
        gauges.add(
                "adapters_loaded",
                "Adapters in memory.",
                () -> engine.stats().adapters().count());
        gauges.add(
                "adapter_bytes", "Their size.", () -> engine.stats().adapters().bytes());
        gauges.add(
                "native_scopes_open",
                "Scopes of native memory.",
                () -> engine.stats().openScopes());
        gauges.prefixes(engine);
        gauges.add("instances", "Instances.", () -> learner.instances().ids().size());
        gauges.add("ready", "1 if every live checkpoint can be served.", () -> learner.ready() ? 1 : 0);
        gauges.lessons(learner);
        gauges.machine();
    }

    private void prefixes(Engine engine) {
        add(
                "prefix_cache_bytes",
                "Keys and values kept of prompts' beginnings.",
                () -> engine.stats().prefixes().bytes());
        add(
                "prefix_cache_blocks",
                "Blocks of tokens kept of prompts' beginnings.",
                () -> engine.stats().prefixes().blocks());
        count(
                "prefix_cache_taken_tokens",
                "Prompt tokens that were taken from the cache.",
                () -> engine.stats().prefixes().takenTokens());
        count(
                "prefix_cache_read_tokens",
                "Prompt tokens that might have been and were read.",
                () -> engine.stats().prefixes().readTokens());
        count(
                "prefix_cache_evicted_blocks",
                "Blocks that made room for others.",
                () -> engine.stats().prefixes().evictedBlocks());
    }

    private void count(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name("apprentice_" + name + "_total")
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    private void lessons(Learner learner) {
        GaugeWithCallback.builder()
                .name("apprentice_lessons")
                .help("Lessons by state.")
                .labelNames("state")
                .callback(callback -> {
                    var sums = new EnumMap<LessonState, Integer>(LessonState.class);
                    for (var id : learner.instances().ids()) {
                        learner.lessons().counts(id).forEach((state, count) -> sums.merge(state, count, Integer::sum));
                    }
                    for (var state : LessonState.values()) {
                        callback.call(sums.getOrDefault(state, 0), state.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
    }

    private void machine() {
        var memory = ManagementFactory.getMemoryMXBean();
        var threads = ManagementFactory.getThreadMXBean();
        var process = ManagementFactory.getRuntimeMXBean();
        add(
                "jvm_heap_used_bytes",
                "Heap in use.",
                () -> memory.getHeapMemoryUsage().getUsed());
        add(
                "jvm_heap_committed_bytes",
                "Heap taken.",
                () -> memory.getHeapMemoryUsage().getCommitted());
        add("jvm_threads", "Platform threads.", threads::getThreadCount);
        add("uptime_seconds", "Since the process began.", () -> process.getUptime() / 1000.0);
    }

    private void add(String name, String help, DoubleSupplier value) {
        one(registry, name, help, value);
    }

    /** One gauge without labels. */
    static void one(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name("apprentice_" + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}
