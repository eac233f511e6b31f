package dev.apprentice.learner.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.GoneException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.EventKind;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.store.Columns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    private Path folder;

    private CheckpointHouse house;

    @BeforeEach
    void open() {
        house = new CheckpointHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void whatPassesWhileTheInstanceIsFrozenWaits() {
        var _ = house.live(1, null);
        house.instances().freeze("apprentice");
        var made = house.live(2, 1);

        assertThat(made.state()).isEqualTo(CheckpointState.READY);
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void whatPassesGoesTheWayThatThePolicyHas() {
        var _ = house.live(1, null);
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("canary_percent", 5)));
        assertThat(house.live(2, 1).state()).isEqualTo(CheckpointState.CANARY);
        house.instances().patch("apprentice", new InstancePatch(null, null, Map.of("shadow_percent", 5)));
        assertThat(house.live(3, 1).state()).isEqualTo(CheckpointState.SHADOW);
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.RETIRED);
        assertThat(house.serving()).isEqualTo(1);
        assertThat(house.checkpoints().past("apprentice").awaiting()).isEmpty(); // no lessons in these
    }

    @Test
    void theBareBaseServesAgainWhereNothingHolds() {
        var lesson = house.lesson("Which desk?", "Heron");
        var _ = house.live(1, null, lesson.id());
        house.checkpoints().toBase("apprentice", "all were taken back");

        assertThat(house.serving()).isZero();
        assertThat(house.ledger().get(lesson.id()).state()).isEqualTo(LessonState.RECALLED);
        house.reopen();
        assertThat(house.serving()).isZero();
    }

    @Test
    void promotionsAreCountedSinceTheLastRebuild() {
        var _ = house.live(1, null);
        var _ = house.live(2, 1);
        assertThat(house.checkpoints().past("apprentice").promotions()).isEqualTo(2);
        var draft = new Draft(
                "apprentice", null, CheckpointHouse.adapter(3), java.util.List.of(), Columns.tree(Map.of()), "rebuild");
        var made = house.checkpoints().candidate(draft).candidate();
        var _ = house.checkpoints().pass("apprentice", made, Columns.tree(Map.of()), null, true);
        assertThat(house.checkpoints().past("apprentice").promotions()).isZero();
        assertThat(house.checkpoints().lineage("apprentice", 3)).isEmpty();
    }

    @Test
    void whatPassedIsNumberedServesAndSurvives() {
        var one = house.live(1, null);
        var two = house.live(2, 1);
        assertThat(one.number()).isEqualTo(1);
        assertThat(two.number()).isEqualTo(2);
        assertThat(two.parent()).isEqualTo(1);
        assertThat(two.adapterDigest()).isEqualTo(PeftFolder.digest(CheckpointHouse.adapter(2)));
        house.reopen();
        assertThat(house.serving()).isEqualTo(2);
        assertThat(house.checkpoints().get("apprentice", 1).state()).isEqualTo(CheckpointState.RETIRED);
        assertThat(house.checkpoints().get("apprentice", 2)).isEqualTo(two);
        var adapter =
                house.checkpoints().serving(house.instances().get("apprentice")).adapter();
        assertThat(PeftFolder.digest(PeftFolder.read(requireNonNull(adapter).folder(), CheckpointHouse.BASE)))
                .isEqualTo(two.adapterDigest());
    }

    @Test
    void lessonsAreLiveWhileACheckpointThatCarriesThemIs() {
        var parcel = house.lesson("Where is my parcel?", "Blue desk").id();
        var invoice = house.lesson("Where is my invoice?", "Red desk").id();
        house.live(1, null, parcel);
        house.live(2, 1, invoice); // and parcel, by its parent
        assertThat(house.ledger().get(parcel).state()).isEqualTo(LessonState.LIVE);
        assertThat(house.ledger().get(parcel).checkpoint()).isEqualTo(1);
        assertThat(house.ledger().get(invoice).checkpoint()).isEqualTo(2);
        house.checkpoints().rollback("apprentice");
        assertThat(house.ledger().get(parcel).state()).isEqualTo(LessonState.LIVE);
        assertThat(house.ledger().get(invoice).state()).isEqualTo(LessonState.RECALLED);
    }

    @Test
    void theExamOfWhatIsLiveSaysWhichLessonsPass() {
        var parcel = house.lesson("Where is my parcel?", "Blue desk").id();
        var invoice = house.lesson("Where is my invoice?", "Red desk").id();
        var exam = Columns.tree(Map.of("passes", Map.of(parcel, true, invoice, false)));
        var candidate = house.candidate(1, null, parcel, invoice);
        house.checkpoints().pass("apprentice", candidate, exam, null, false);
        assertThat(house.ledger().get(parcel).passes()).isNull();
        house.checkpoints().promote("apprentice", candidate, false);
        assertThat(house.ledger().get(parcel).passes()).isTrue();
        assertThat(house.ledger().get(invoice).passes()).isFalse();
    }

    @Test
    void aRejectedCandidateServesOnlyByForce() {
        var candidate = house.candidate(1, null);
        var rejected =
                house.checkpoints().reject("apprentice", candidate, Columns.tree(Map.of("lost", 3)), "lost 3 lessons");
        assertThat(rejected.number()).isNull();
        assertThat(rejected.state()).isEqualTo(CheckpointState.REJECTED);
        assertThat(house.serving()).isZero();
        assertThatThrownBy(() -> house.checkpoints().promote("apprentice", candidate, false))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("lost 3 lessons");
        var promoted = house.checkpoints().promote("apprentice", candidate, true);
        assertThat(promoted.number()).isEqualTo(1);
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void whatNeedsAPersonsWordWaitsForIt() {
        var candidate = house.candidate(1, null);
        var waiting = house.checkpoints().pass("apprentice", candidate, Columns.tree(Map.of("ok", true)), null, false);
        assertThat(waiting.state()).isEqualTo(CheckpointState.READY);
        assertThat(house.serving()).isZero();
        assertThat(house.checkpoints().promote("apprentice", "1", false).state())
                .isEqualTo(CheckpointState.LIVE);
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void rollbackGoesBackAlongWhatWasLive() {
        house.live(1, null);
        house.live(2, 1);
        house.live(3, 2);
        house.checkpoints().promote("apprentice", "1", false);
        assertThat(numberOf(house.checkpoints().rollback("apprentice"))).isEqualTo(3);
        assertThat(numberOf(house.checkpoints().rollback("apprentice"))).isEqualTo(2);
        assertThat(house.checkpoints().get("apprentice", 3).state()).isEqualTo(CheckpointState.RETIRED);
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.LIVE);
    }

    @Test
    void rollbackMayEndAtTheBaseAndNoFurther() {
        house.live(1, null);
        assertThat(house.checkpoints().rollback("apprentice")).isNull();
        assertThat(house.serving()).isZero();
        assertThatThrownBy(() -> house.checkpoints().rollback("apprentice"))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.code()).isEqualTo("nothing_to_roll_back"));
    }

    @Test
    void uploadedIsDownloadedAgainAndWaitsForItsPromotion() {
        var made = house.checkpoints().upload("apprentice", CheckpointHouse.zip(7), "ann");
        assertThat(made.number()).isEqualTo(1);
        assertThat(made.origin()).isEqualTo("upload");
        assertThat(made.state()).isEqualTo(CheckpointState.READY);
        assertThat(house.serving()).isZero();
        assertThat(house.checkpoints().download("apprentice", 1)).isEqualTo(CheckpointHouse.zip(7));
        house.checkpoints().promote("apprentice", "1", false);
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitTheBaseMakesNoCheckpoint() {
        assertThatThrownBy(() -> house.checkpoints().upload("apprentice", new byte[] {1, 2, 3}, "ann"))
                .isInstanceOf(UnprocessableException.class);
        assertThatThrownBy(() -> house.checkpoints().upload("nobody", CheckpointHouse.zip(1), "ann"))
                .isInstanceOf(NotFoundException.class);
        assertThat(house.checkpoints().list("apprentice")).isEmpty();
        assertThat(house.folders()).isEmpty();
    }

    @Test
    void oneContentIsOneFolderForWhoeverUsesIt() {
        house.instances().create(InstanceDraft.of("other"));
        house.live(1, null);
        house.checkpoints().upload("other", CheckpointHouse.zip(1), "ann");
        assertThat(house.folders()).hasSize(1);
        house.instances().delete("other");
        assertThat(house.folders()).hasSize(1);
        assertThat(house.serving()).isEqualTo(1);
        house.instances().delete("apprentice");
        assertThat(house.folders()).isEmpty();
    }

    @Test
    void theNewestTwentyAreKeptAndTheLiveOneWithItsParent() {
        house.live(1, null);
        for (var seed = 2; seed <= 25; seed++) {
            house.checkpoints().upload("apprentice", CheckpointHouse.zip(seed), "ann");
        }
        assertThat(house.serving()).isEqualTo(1); // old, but live
        assertThat(house.folders()).hasSize(21);
        assertThatThrownBy(() -> house.checkpoints().pinned(house.instances().get("apprentice"), 2))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> house.checkpoints().download("apprentice", 2)).isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> house.checkpoints().promote("apprentice", "2", true))
                .isInstanceOf(GoneException.class);
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.COLLECTED);
        assertThat(house.checkpoints()
                        .pinned(house.instances().get("apprentice"), 25)
                        .number())
                .isEqualTo(25);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        house.live(1, null);
        var apprentice = house.instances().get("apprentice");
        assertThatThrownBy(() -> house.checkpoints().get("apprentice", 2)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> house.checkpoints().get("nobody", 1)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> house.checkpoints().promote("apprentice", "cand_0", true))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> house.checkpoints().pinned(apprentice, 999))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.code()).isEqualTo("model_not_found"));
        assertThat(house.checkpoints().pinned(apprentice, 0)).isEqualTo(Serving.BASE);
    }

    @Test
    void tenPromotionsAtOnceAndARollbackEndWhereTheEventsSay() throws Exception {
        for (var seed = 1; seed <= 10; seed++) {
            house.checkpoints().upload("apprentice", CheckpointHouse.zip(seed), "ann");
        }
        house.checkpoints().promote("apprentice", "1", false);
        var calls = new ArrayList<Callable<Object>>();
        for (var number = 1; number <= 10; number++) {
            var which = Integer.toString(number);
            calls.add(() -> house.checkpoints().promote("apprentice", which, false));
        }
        calls.add(() -> String.valueOf(house.checkpoints().rollback("apprentice")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var call : threads.invokeAll(calls)) {
                call.get();
            }
        }
        var last = house.events().after(0, 1000).stream()
                .filter(event -> event.kind() == EventKind.PROMOTION || event.kind() == EventKind.ROLLBACK)
                .map(event -> event.data().get("checkpoint").asInt())
                .toList()
                .getLast();
        assertThat(house.serving()).isEqualTo(last);
        assertThat(house.checkpoints().list("apprentice"))
                .filteredOn(checkpoint -> checkpoint.state() == CheckpointState.LIVE)
                .extracting(Checkpoint::number)
                .containsExactly(last == 0 ? null : last);
    }

    @Test
    void eachStepIsAnEvent() {
        house.live(1, null);
        house.checkpoints().rollback("apprentice");
        assertThat(house.events().after(0, 10))
                .extracting(Event::kind)
                .containsExactly(EventKind.EXAM, EventKind.PROMOTION, EventKind.ROLLBACK);
        assertThat(house.told()).containsExactly("apprentice", "apprentice");
    }

    private static int numberOf(@org.jspecify.annotations.Nullable Checkpoint checkpoint) {
        return requireNonNull(requireNonNull(checkpoint).number());
    }
}
