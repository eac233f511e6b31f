package dev.apprentice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.server.telemetry.Inference.Operation;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void aDeletedInstanceStaysAwayThoughItsLastAnswerEndsLater() {
        var running = metrics.asked(Operation.CHAT, "leaving");
        assertThat(metrics.scrape(Set.of("base")).toString()).doesNotContain("leaving");
        metrics.ended(running, AnswerSpan.Ending.STOP, "", 3, 4, 0.5);
        metrics.firstToken(running, 0.1);
        assertThat(series(metrics.scrape(Set.of("base")))).noneMatch(name -> name.contains("leaving"));
    }

    @Test
    void fiftyInstancesThatComeAndGoLeaveAsManySeriesAsThereWere() {
        var before = series(metrics.scrape(Set.of("base"))).size();
        for (int i = 0; i < 50; i++) {
            metrics.ended(metrics.asked(Operation.CHAT, "agent-" + i), AnswerSpan.Ending.STOP, "", 3, 4, 0.5);
            metrics.ended(metrics.asked(Operation.CHAT, "agent-" + i + "@3"), AnswerSpan.Ending.LENGTH, "", 3, 4, 0.5);
        }
        assertThat(series(metrics.scrape(Set.of("base", "agent-1"))))
                .anyMatch(name -> name.contains("agent-1"))
                .noneMatch(name -> name.contains("@"));
        assertThat(series(metrics.scrape(Set.of("base")))).hasSize(before);
    }

    @Test
    void instancesBeyondTheHundredthShareASeries() {
        for (int i = 0; i < 150; i++) {
            metrics.ended(metrics.asked(Operation.CHAT, "agent-" + i), AnswerSpan.Ending.STOP, "", 3, 4, 0.5);
        }
        assertThat(value(metrics.registry.scrape(), "apprentice_output_tokens", "other"))
                .isEqualTo(50 * 4);
    }

    @Test
    void countersNeverGoBackWhileAnswersEndAndInstancesGo() throws InterruptedException {
        var going = new AtomicBoolean(true);
        var answering = Thread.ofPlatform().start(() -> {
            for (int i = 0; going.get(); i++) {
                metrics.ended(metrics.asked(Operation.CHAT, "staying"), AnswerSpan.Ending.STOP, "", 3, 4, 0.5);
                metrics.ended(metrics.asked(Operation.CHAT, "going-" + i), AnswerSpan.Ending.STOP, "", 3, 4, 0.5);
            }
        });
        var last = new HashMap<String, Double>();
        for (int i = 0; i < 200; i++) {
            counters(metrics.scrape(Set.of("staying"))).forEach((name, value) -> {
                assertThat(value).as(name).isGreaterThanOrEqualTo(last.getOrDefault(name, 0.0));
                last.put(name, value);
            });
        }
        going.set(false);
        answering.join();
        assertThat(last).containsKey("apprentice_output_tokens{instance=\"staying\"}");
    }

    /** Series that stay; those of who goes may begin anew when they come back. */
    private static Map<String, Double> counters(MetricSnapshots snapshots) {
        var found = new HashMap<String, Double>();
        for (var snapshot : snapshots) {
            if (snapshot instanceof CounterSnapshot counter) {
                counter.getDataPoints()
                        .forEach(point -> found.put(
                                counter.getMetadata().getPrometheusName() + point.getLabels(), point.getValue()));
            }
        }
        found.keySet().removeIf(name -> name.contains("going-"));
        return found;
    }

    private static Set<String> series(MetricSnapshots snapshots) {
        return snapshots.stream()
                .flatMap(snapshot -> snapshot.getDataPoints().stream()
                        .map(point -> snapshot.getMetadata().getPrometheusName() + point.getLabels()))
                .collect(java.util.stream.Collectors.toSet());
    }

    private static double value(MetricSnapshots snapshots, String name, String instance) {
        return counters(snapshots).getOrDefault(name + "{instance=\"" + instance + "\"}", -1.0);
    }
}
