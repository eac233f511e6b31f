package dev.apprentice.server.bench;

import dev.apprentice.server.bench.ApiBench.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One run of {@link ApiBench} over servers that are up. */
final class ApiRun {
    private static final String TAUGHT = "bench";
    private static final int WARMING_CONNECTIONS = 8;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double KIB = 1024;

    private final ApiPlan plan;
    private final Benchmark.Terms terms;
    private final List<Place> places;
    private final Rounds open = new Rounds();
    private final Rounds closed = new Rounds();
    private final Rounds feedback = new Rounds();
    private final AtomicInteger made = new AtomicInteger();
    private String round = "";

    ApiRun(ApiPlan plan, Benchmark.Terms terms, List<Place> places) {
        this.plan = plan;
        this.terms = terms;
        this.places = List.copyOf(places);
    }

    /** How requests are sent while the clock runs. */
    @FunctionalInterface
    private interface Sending {
        Latencies send(Load load) throws IOException, InterruptedException;
    }

    List<Table> tables() throws IOException, InterruptedException {
        for (var place : places) {
            try (var pupil = Pupil.create(place.server().port(), TAUGHT)) {
                pupil.teach();
            }
            warm(place);
        }
        for (int i = 1; i <= plan.rounds(); i++) {
            round = "round " + i + " of " + plan.rounds() + ": ";
            openLoop();
            closedLoop();
            feedback();
        }
        round = "";
        return List.of(
                new Table(
                        "open_loop",
                        plan.perSecond() + " requests a second, evenly spaced, over " + plan.openConnections()
                                + " connections; times count from when a request was due",
                        open.medians()),
                new Table("closed_loop", "Connections that ask again as soon as they are answered", closed.medians()),
                new Table("feedback", "Clients that give the next piece when the last one is kept", feedback.medians()),
                new Table("idle_streams", "Streams that have begun and stay open", List.of(idle(places.getLast()))));
    }

    /**
     * Code that has not run often is slow for reasons that nobody serves with: it is run until it has been compiled.
     */
    private void warm(Place place) throws IOException {
        for (var door : Door.values()) {
            int asked = 0;
            say("warming up", door.words(), place);
            try (var load = Load.connect(
                    place.server().port(), WARMING_CONNECTIONS, () -> door.asking(TAUGHT, made::incrementAndGet))) {
                while (asked < plan.warmingRequests()) {
                    asked += load.closed(terms.window()).count();
                }
            }
        }
    }

    private void openLoop() throws IOException, InterruptedException {
        Sending even = load -> load.open(plan.perSecond(), terms.window());
        say("a bare socket, at a fixed rate", "HTTP", places.getFirst());
        var floor = new LinkedHashMap<String, Object>(Map.of("door", "(a bare socket)"));
        floor.put("data_on", "-");
        open.add(
                floor,
                measured(
                        places.getFirst(),
                        places.getFirst().server().floor(),
                        plan.openConnections(),
                        () -> Door.HTTP.asking(TAUGHT, made::incrementAndGet),
                        even));
        for (var door : Door.values()) {
            for (var place : places) {
                say("at a fixed rate", door.words(), place);
                var which = which(door, place);
                open.add(
                        which,
                        measured(
                                place,
                                place.server().port(),
                                plan.openConnections(),
                                () -> door.asking(TAUGHT, made::incrementAndGet),
                                even));
            }
        }
    }

    private void closedLoop() throws IOException, InterruptedException {
        for (var door : Door.values()) {
            for (int connections : plan.connections()) {
                for (var place : places) {
                    say(connections + " connections", door.words(), place);
                    var which = which(door, place);
                    which.put("connections", connections);
                    closed.add(
                            which,
                            measured(
                                    place,
                                    place.server().port(),
                                    connections,
                                    () -> door.asking(TAUGHT, made::incrementAndGet),
                                    load -> load.closed(terms.window())));
                }
            }
        }
    }

    private void feedback() throws IOException, InterruptedException {
        for (int clients : plan.teachers()) {
            for (var place : places) {
                try (var pupil = Pupil.create(place.server().port(), "taught-" + made.incrementAndGet())) {
                    var answer = pupil.ask();
                    feedback(
                            "rating",
                            clients,
                            place,
                            () -> Feedbacks.rating(answer, "teacher " + made.incrementAndGet()));
                    feedback(
                            "example",
                            clients,
                            place,
                            () -> Feedbacks.example(pupil.name(), "form " + made.incrementAndGet()));
                    pupil.drop();
                }
            }
        }
    }

    private void feedback(String kind, int clients, Place place, Supplier<byte[]> bodies)
            throws IOException, InterruptedException {
        say(clients + " clients", kind, place);
        var which = new LinkedHashMap<String, Object>();
        which.put("kind", kind);
        which.put("data_on", place.store());
        which.put("clients", clients);
        Supplier<ByteBuffer> requests = () -> HttpDialect.post("/v1/feedback", bodies.get());
        feedback.add(
                which,
                measured(
                        place,
                        place.server().port(),
                        clients,
                        () -> HttpDialect.whole(requests),
                        load -> load.closed(terms.window())));
    }

    /** Memory is that of all threads, buffers and answers that a stream keeps while nothing is said in it. */
    private Map<String, Object> idle(Place place) throws IOException {
        int streams = plan.idleStreams();
        say(streams + " streams that stay open", "HTTP", place);
        var before = place.server().memory();
        try (var load = Load.connect(place.server().port(), streams, () -> Door.staying(TAUGHT))) {
            load.once();
            var after = place.server().memory();
            var row = new LinkedHashMap<String, Object>();
            row.put("streams", streams);
            for (var what : List.of("resident", "heap")) {
                double from = before.path(what + "_bytes").doubleValue() / KIB;
                double to = after.path(what + "_bytes").doubleValue() / KIB;
                row.put(what + "_mib_before", from / KIB);
                row.put(what + "_mib_with_them", to / KIB);
                row.put(what + "_kib_per_stream", (to - from) / streams);
            }
            return row;
        }
    }

    private Map<String, Double> measured(
            Place place, int port, int connections, Supplier<Dialect> dialects, Sending sending)
            throws IOException, InterruptedException {
        try (var load = Load.connect(port, connections, dialects)) {
            long server = place.server().cpuNanos();
            long client = StubServer.cpuNanos();
            long began = System.nanoTime();
            var latencies = sending.send(load);
            double seconds = (System.nanoTime() - began) / 1e9;
            client = StubServer.cpuNanos() - client;
            server = place.server().cpuNanos() - server;
            var figures = new LinkedHashMap<String, Double>();
            figures.put("per_second", latencies.answered() / seconds);
            figures.put("p50_ms", latencies.millis(0.5));
            figures.put("p99_ms", latencies.millis(0.99));
            figures.put("server_cpu_us", server / NANOS_PER_MICRO / Math.max(1, latencies.answered()));
            figures.put("client_cpu_us", client / NANOS_PER_MICRO / Math.max(1, latencies.answered()));
            return figures;
        }
    }

    private static Map<String, Object> which(Door door, Place place) {
        var which = new LinkedHashMap<String, Object>();
        which.put("door", door.words());
        which.put("data_on", place.store());
        return which;
    }

    private void say(String how, String what, Place place) {
        terms.progress().accept(round + what + ", " + how + ", data on " + place.store());
    }
}
