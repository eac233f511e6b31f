package dev.apprentice.learner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ConflictException;
import dev.apprentice.learner.event.Event;
import dev.apprentice.learner.event.EventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenCheckpointFaultTest {
    @TempDir
    private Path folder;

    private CheckpointHouse house;

    @BeforeEach
    void open() {
        house = new CheckpointHouse(folder);
        house.live(1, null);
        house.live(2, 1);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aFlippedByteMakesItsParentServeAndNobodyReady() throws IOException {
        flip(house.tensors(2), 100);
        house.reopen();
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.BROKEN);
        assertThat(house.serving()).isEqualTo(1);
        assertThat(house.checkpoints().brokenLive()).containsOnlyKeys("apprentice");
        assertThat(house.events().after(0, 100)).extracting(Event::kind).contains(EventKind.BROKEN);
        assertThatThrownBy(() -> house.checkpoints().promote("apprentice", "2", true))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.code()).isEqualTo("checkpoint_broken"));
        assertThatThrownBy(() -> house.checkpoints().download("apprentice", 2)).isInstanceOf(ConflictException.class);
    }

    @Test
    void aFlippedByteInTheConfigurationCountsToo() throws IOException {
        flip(house.tensors(2).resolveSibling("adapter_config.json"), 20);
        house.reopen();
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void aMissingFileMakesItsParentServe() throws IOException {
        Files.delete(house.tensors(2));
        house.reopen();
        assertThat(house.serving()).isEqualTo(1);
        assertThat(house.checkpoints().brokenLive().get("apprentice")).contains("missing");
    }

    @Test
    void whereParentsAreBrokenTooTheirParentsServe() throws IOException {
        house.live(3, 2);
        Files.delete(house.tensors(2));
        flip(house.tensors(3), 100);
        house.reopen();
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void itStaysBrokenThroughEveryRestartUntilItIsMended() throws IOException {
        var tensors = house.tensors(2);
        flip(tensors, 100);
        house.reopen();
        house.reopen();
        assertThat(house.checkpoints().brokenLive()).hasSize(1);
        flip(tensors, 100); // back again
        house.reopen();
        assertThat(house.checkpoints().brokenLive()).isEmpty();
        assertThat(house.serving()).isEqualTo(2);
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.LIVE);
    }

    @Test
    void aRollbackEndsTheTrouble() throws IOException {
        Files.delete(house.tensors(2));
        house.reopen();
        house.checkpoints().rollback("apprentice");
        assertThat(house.checkpoints().brokenLive()).isEmpty();
        assertThat(house.serving()).isEqualTo(1);
        assertThat(house.instances().get("apprentice").liveCheckpoint()).isEqualTo(1);
        assertThat(house.checkpoints().get("apprentice", 2).state()).isEqualTo(CheckpointState.BROKEN);
    }

    @Test
    void whatBreaksWhileWeRunIsNoticedWhenItIsSuspected() throws IOException {
        Files.delete(house.tensors(2));
        house.checkpoints().suspect("apprentice", 2);
        assertThat(house.serving()).isEqualTo(1);
        house.checkpoints().suspect("apprentice", 1); // which is sound
        assertThat(house.serving()).isEqualTo(1);
    }

    @Test
    void theSameAdapterAgainMendsADamagedFolder() throws IOException {
        flip(house.tensors(2), 100);
        house.reopen();
        house.checkpoints().upload("apprentice", CheckpointHouse.zip(2), "ann");
        house.reopen();
        assertThat(house.serving()).isEqualTo(2);
    }

    @Test
    void aCheckpointOfAnotherTemplateIsBroken() {
        var here = CheckpointHouse.HERE;
        house.reopen(new Manifest(here.base(), here.tokenizer(), "template-2", here.trainer()));
        assertThat(house.checkpoints().brokenLive().get("apprentice")).contains("another chat template");
        assertThat(house.serving()).isZero();
        house.reopen(new Manifest(here.base(), here.tokenizer(), here.template(), "trainer-2"));
        assertThat(house.serving()).isEqualTo(2); // whoever trained it
    }

    @Test
    void whatACrashLeftIsCleared() throws IOException {
        Files.createDirectories(folder.resolve("adapters/.new-cand_1"));
        Files.writeString(folder.resolve("adapters/.new-cand_1/adapter_model.safetensors"), "torn");
        Files.createDirectories(folder.resolve("adapters/0123456789abcdef")); // renamed, but never registered
        house.reopen();
        assertThat(house.folders()).hasSize(2);
        assertThat(house.serving()).isEqualTo(2);
    }

    @Test
    void aCandidateWhoseExamWasCutShortIsRejected() {
        var candidate = house.candidate(3, 2);
        house.reopen();
        assertThat(house.checkpoints().get("apprentice", candidate).state()).isEqualTo(CheckpointState.REJECTED);
        assertThat(house.serving()).isEqualTo(2);
    }

    private static void flip(Path file, int at) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }
}
