package dev.apprentice.learner.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.learner.TestSeams;
import dev.apprentice.learner.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {
    @TempDir
    private Path folder;

    private Store store;
    private Events events;

    @BeforeEach
    void open() {
        store = Store.open(folder);
        events = new Events(store, new TestSeams());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whoComesBackGoesOnWhereHeStopped() {
        IntStream.range(0, 5).forEach(this::happens);
        var first = events.after(0, 2);
        assertThat(first).extracting(event -> event.data().get("step").asInt()).containsExactly(0, 1);
        assertThat(events.after(first.getLast().sequence(), 10))
                .extracting(event -> event.data().get("step").asInt())
                .containsExactly(2, 3, 4);
        assertThat(events.newest()).isEqualTo(5);
    }

    @Test
    void whoWaitsIsWokenByWhatHappens() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waits = threads.submit(() -> events.await(0, Duration.ofMinutes(1)));
            happens(1);
            assertThat(waits.get()).isTrue();
        }
        assertThat(events.await(events.newest(), Duration.ofMillis(1))).isFalse();
    }

    @Test
    void onlySoManyAreKept() {
        store.write(db -> {
            IntStream.range(0, 10_005).forEach(i -> events.append(db, EventKind.STUDY, "a", Map.of("step", i)));
            return 0;
        });
        assertThat(events.after(0, 1).getFirst().sequence()).isEqualTo(6);
        assertThat(events.after(0, 20_000)).hasSize(10_000);
    }

    private void happens(int step) {
        store.write(db -> {
            events.append(db, EventKind.STUDY, "apprentice", Map.of("step", step));
            return step;
        });
    }
}
