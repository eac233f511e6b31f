package dev.apprentice.server.bench;

import dev.apprentice.engine.Engine;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.adapter.AdapterRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@link EngineBench} measures, engine after engine. */
final class EngineRun {
    private static final int SHORT_PROMPT = 16;
    private static final int OWN_TOKENS = 20;
    private static final double NANOS = 1e9;

    private final EnginePlan plan;
    private final Benchmark.Terms terms;
    private final Rounds reading = new Rounds();
    private final Rounds decoding = new Rounds();
    private final Rounds adapters = new Rounds();
    private final Rounds prefix = new Rounds();
    private final Rounds waiting = new Rounds();
    private final Rounds learning = new Rounds();

    EngineRun(EnginePlan plan, Benchmark.Terms terms) {
        this.plan = plan;
        this.terms = terms;
    }

    List<Table> tables() {
        return List.of(
                new Table(
                        "prefill",
                        "Prompts of " + plan.prefillTokens() + " tokens, one after the other",
                        reading.medians()),
                new Table("decode", "Answers of " + plan.decodeTokens() + " tokens at once", decoding.medians()),
                new Table(
                        "adapters",
                        plan.adapterStreams() + " answers at once, by adapters that take turns",
                        adapters.medians()),
                new Table(
                        "prefix",
                        "The wait for the first token after " + plan.prefixTokens() + " tokens and " + OWN_TOKENS
                                + " of its own",
                        prefix.medians()),
                new Table("first_token", plan.clients() + " clients that stream over HTTP", waiting.medians()),
                new Table("training", "A study alone, and one beside a stream", learning.medians()));
    }

    /** Measures one engine, which {@code port} serves; {@code folder} takes adapters. */
    void measure(String base, String dtype, Engine engine, int port, Path folder)
            throws IOException, InterruptedException {
        var streams = new Streams(engine, Seams.random(1));
        var studying = new Studying(plan.studyRows(), plan.studyTokens(), engine, streams);
        int most = plan.adapters().stream().mapToInt(Integer::intValue).max().orElse(0);
        say(base, dtype, "making " + most + " adapters");
        var refs = studying.adapters(most, folder);
        streams.decode(bare(plan.adapterStreams()), SHORT_PROMPT, plan.decodeTokens());
        streams.first(streams.prompt(plan.prefillTokens()));
        var first = new FirstTokens(port, engine.base().name());
        for (int round = 1; round <= plan.rounds(); round++) {
            say(base, dtype, "round " + round + " of " + plan.rounds());
            prefill(which(base, dtype), streams);
            decode(base, dtype, streams);
            adapters(base, dtype, streams, refs);
            prefix(which(base, dtype), streams);
            waiting(base, dtype, first, studying);
            learning(which(base, dtype), streams, studying);
        }
    }

    /** Keeps {@code figures} and tells them at once: a run takes long, and may be stopped. */
    private void add(String what, Rounds rounds, Map<String, Object> which, Map<String, Double> figures) {
        rounds.add(which, figures);
        var said = new ArrayList<String>();
        figures.forEach((name, figure) -> said.add(String.format(Locale.ROOT, "%s %.4g", name, figure)));
        terms.progress().accept(what + " " + which.values() + ": " + String.join(", ", said));
    }

    private void prefill(Map<String, Object> which, Streams streams) throws InterruptedException {
        long began = System.nanoTime();
        long tokens = 0;
        do {
            streams.first(streams.prompt(plan.prefillTokens()));
            tokens += plan.prefillTokens();
        } while (System.nanoTime() - began < terms.window().toNanos());
        add("prefill", reading, which, Map.of("tokens_per_second", tokens / ((System.nanoTime() - began) / NANOS)));
    }

    private void decode(String base, String dtype, Streams streams) throws InterruptedException {
        for (int count : plan.streams()) {
            var which = which(base, dtype);
            which.put("streams", count);
            double speed = streams.decode(bare(count), SHORT_PROMPT, plan.decodeTokens());
            add("decode", decoding, which, Map.of("tokens_per_second", speed));
        }
    }

    private void adapters(String base, String dtype, Streams streams, List<AdapterRef> refs)
            throws InterruptedException {
        double without = streams.decode(bare(plan.adapterStreams()), SHORT_PROMPT, plan.decodeTokens());
        for (int count : plan.adapters()) {
            var which = which(base, dtype);
            which.put("adapters", count);
            var speeds = new ArrayList<Double>();
            for (int from = 0; from < count; from += plan.adapterStreams()) { // all of them once
                int begin = from;
                List<@Nullable AdapterRef> turn = IntStream.range(0, plan.adapterStreams())
                        .<@Nullable AdapterRef>mapToObj(i -> refs.get((begin + i) % count))
                        .toList();
                speeds.add(streams.decode(turn, SHORT_PROMPT, plan.decodeTokens()));
            }
            double speed =
                    speeds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            var figures = new LinkedHashMap<String, Double>();
            figures.put("tokens_per_second", speed);
            figures.put("share_of_bare_base", speed / without);
            add("adapters", adapters, which, figures);
        }
    }

    private void prefix(Map<String, Object> which, Streams streams) throws InterruptedException {
        var shared = streams.prompt(plan.prefixTokens());
        double miss = streams.first(joined(shared, streams.prompt(OWN_TOKENS)));
        double hit = streams.first(joined(shared, streams.prompt(OWN_TOKENS)));
        var figures = new LinkedHashMap<String, Double>();
        figures.put("unknown_ms", miss);
        figures.put("known_ms", hit);
        figures.put("saved", 1 - hit / miss);
        add("prefix", prefix, which, figures);
    }

    private static int[] joined(int[] a, int[] b) {
        return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }

    private void waiting(String base, String dtype, FirstTokens first, Studying studying)
            throws IOException, InterruptedException {
        var which = which(base, dtype);
        which.put("learning", "no");
        add("first token", waiting, which, millis(first.wait(plan.clients(), terms.window())));
        var busy = which(base, dtype);
        busy.put("learning", "yes");
        try (var _ = studying.beside()) {
            add("first token", waiting, busy, millis(first.wait(plan.clients(), terms.window())));
        }
    }

    private static Map<String, Double> millis(Latencies latencies) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("p50_ms", latencies.millis(0.5));
        figures.put("p99_ms", latencies.millis(0.99));
        figures.put("answers", (double) latencies.count());
        return figures;
    }

    private void learning(Map<String, Object> which, Streams streams, Studying studying) throws InterruptedException {
        double alone = studying.alone(terms.window().toNanos());
        double quiet = streams.decode(bare(1), SHORT_PROMPT, plan.decodeTokens());
        double beside;
        var speeds = new ArrayList<Double>();
        try (var study = studying.beside()) {
            long before = study.tokens();
            long began = System.nanoTime();
            do {
                speeds.add(streams.decode(bare(1), SHORT_PROMPT, plan.decodeTokens()));
            } while (System.nanoTime() - began < terms.window().toNanos() || study.tokens() == before);
            beside = (study.tokens() - before) / ((System.nanoTime() - began) / NANOS);
        }
        double stream =
                speeds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        var figures = new LinkedHashMap<String, Double>();
        figures.put("study_alone_tokens_per_second", alone);
        figures.put("study_beside_tokens_per_second", beside);
        figures.put("study_speed_kept", beside / alone);
        figures.put("stream_alone_tokens_per_second", quiet);
        figures.put("stream_beside_tokens_per_second", stream);
        add("training", learning, which, figures);
    }

    private static List<@Nullable AdapterRef> bare(int count) {
        return Collections.<@Nullable AdapterRef>nCopies(count, null);
    }

    private static Map<String, Object> which(String base, String dtype) {
        var which = new LinkedHashMap<String, Object>();
        which.put("base", base);
        which.put("dtype", dtype);
        return which;
    }

    private void say(String base, String dtype, String what) {
        terms.progress().accept(base + " in " + dtype + ": " + what);
    }
}
