package dev.apprentice.server;

import static dev.apprentice.server.SdkWay.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.admin.CheckpointState;
import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventKind;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.error.ConflictException;
import dev.apprentice.client.error.NotFoundException;
import dev.apprentice.client.error.RefusedException;
import dev.apprentice.client.transport.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own client administers the real server, over HTTP and over gRPC. */
@Timeout(120)
@ParameterizedClass
@EnumSource(SdkWay.class)
@ExtendWith(SharedServer.class)
final class SdkAdminServerTest {
    private final SdkWay way;
    private final Apprentice apprentice;
    private final ApprenticeClient client;

    SdkAdminServerTest(SdkWay way, Apprentice apprentice) {
        this.way = way;
        this.apprentice = apprentice;
        this.client = way.to(apprentice.port()).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void anInstanceIsMadeChangedFrozenAndDeleted() {
        var id = way.named("made");
        var made = client.instances()
                .create(InstanceDraft.builder(id)
                        .description("Answers for the shop.")
                        .systemPrompt("Be brief.")
                        .policy("min_lessons_to_study", 100_000)
                        .build());
        assertThat(made.id()).isEqualTo(id);
        assertThat(made.description()).isEqualTo("Answers for the shop.");
        assertThat(made.systemPrompt()).contains("Be brief.");
        assertThat(made.policy().get("min_lessons_to_study").asInt()).isEqualTo(100_000);
        assertThat(made.created()).isPresent();
        assertThatThrownBy(() -> client.instances().create(InstanceDraft.of(id)))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        e -> assertThat(e.nothingDone()).isFalse());
        assertThatThrownBy(() -> client.instances().create(InstanceDraft.of("Not an id")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.field()).contains("id"));

        var patch = InstancePatch.builder()
                .description("For all.")
                .clearSystemPrompt()
                .build();
        var changed = client.instances().update(id, patch);
        assertThat(changed.description()).isEqualTo("For all.");
        assertThat(changed.systemPrompt()).isEmpty();
        assertThat(changed.policy()).isEqualTo(made.policy());
        assertThat(client.instances().get(id)).isEqualTo(changed);
        assertThat(client.instances().freeze(id).frozen()).isTrue();
        assertThat(client.instances().unfreeze(id).frozen()).isFalse();
        client.instances().study(id);

        client.instances().delete(id);
        assertThat(client.instances().all()).noneMatch(instance -> instance.id().equals(id));
        assertThatThrownBy(() -> client.instances().get(id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void checkpointsGoUpAndDownAndEventsTellOfIt(@TempDir Path folder) throws IOException {
        var id = way.learner(client, "swapped");
        var checkpoints = client.checkpoints(id);
        try (var events = client.watch(EventQuery.fromNow().ofInstance(id))) {
            var zip = RandomAdapter.zip(apprentice.engine().base().config(), 5);
            var uploaded = checkpoints.upload(Content.of(zip));
            assertThat(uploaded.number()).hasValue(1);
            assertThat(uploaded.origin()).contains("upload");
            var promoted = checkpoints.promote(1);
            assertThat(promoted.state()).isEqualTo(CheckpointState.LIVE);
            assertThat(client.instances().get(id).liveCheckpoint()).isEqualTo(1);
            assertThat(client.ask(ask(id)).provenance().orElseThrow().checkpoint())
                    .isEqualTo(1);
            assertThat(next(events.iterator(), EventKind.PROMOTION).instance()).isEqualTo(id);

            var file = folder.resolve("adapter.zip");
            checkpoints.download(1, file);
            assertThat(Files.size(file)).isPositive();
            var again = checkpoints.upload(Content.of(file));
            assertThat(again.adapterDigest()).isEqualTo(uploaded.adapterDigest());
            assertThat(checkpoints.rollback().number()).hasValue(0);
            assertThat(client.instances().get(id).liveCheckpoint()).isZero();
            assertThat(checkpoints.get(1).state()).isEqualTo(CheckpointState.RETIRED);
            assertThat(checkpoints.all()).hasSize(2).contains(again);
        }
        assertThatThrownBy(() -> checkpoints.upload(Content.of(new byte[5000]))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> checkpoints.get(9)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> checkpoints.download(9, folder.resolve("none.zip")))
                .isInstanceOf(NotFoundException.class);
        assertThat(folder.resolve("none.zip")).doesNotExist();
        assertThatThrownBy(checkpoints::rollback).isInstanceOf(ConflictException.class);
    }

    @Test
    void aWatchThatWasCutMissesNothingAndHearsNothingTwice() throws IOException {
        var id = way.learner(client, "watched");
        var before = apprentice.learner().events().newest();
        try (var wire = CutWire.to(apprentice.port());
                var watcher = way.to(wire.port()).build();
                var events = watcher.watch(EventQuery.fromNow().ofInstance(id))) {
            var coming = events.iterator();
            var heard = new ArrayList<Long>();
            hearOf(client.teach(id, "Which desk?", "Desk Heron").id(), coming, heard);
            wire.cut();
            hearOf(client.teach(id, "Which hat?", "The green one").id(), coming, heard);
            assertThat(apprentice.learner().events().after(before, 1000).stream()
                            .filter(event -> event.instance().equals(id))
                            .map(event -> event.sequence()))
                    .startsWith(heard.toArray(Long[]::new));
        }
    }

    /** Reads on until the first event of {@code lesson}; a lesson has several. */
    private static void hearOf(String lesson, Iterator<Event> coming, List<Long> heard) {
        Event event;
        do {
            event = coming.next();
            heard.add(event.sequence());
        } while (!event.data().path("lesson").asText().equals(lesson));
    }

    private static Event next(Iterator<Event> events, EventKind kind) {
        var event = events.next();
        while (!event.kind().equals(kind)) {
            event = events.next();
        }
        return event;
    }
}
