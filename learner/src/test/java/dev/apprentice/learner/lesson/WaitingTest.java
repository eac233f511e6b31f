package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits to be studied is what no checkpoint has carried, whatever else there is. */
class WaitingTest {
    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
    }

    @Test
    void whatIsLiveParkedTakenBackOrMerelyAThumbWaitsNot() {
        house.asked("chat-1", "Where is my parcel?", "No idea.");
        house.asked("chat-2", "Who pays the bill?", "No idea.");
        house.asked("chat-3", "When do you open?", "No idea.");
        house.asked("chat-4", "Why is it late again?", "No idea.");
        var live = house.correct("chat-1", "Blue desk", "ann");
        var parked = house.correct("chat-2", "Red desk", "ann");
        var gone = house.correct("chat-3", "At nine", "ann");
        var fresh = house.correct("chat-4", "Snow", "ann");
        house.say(new Feedback.Rating("chat-4", 0, false, "ann"));
        var reward = house.say(new Feedback.Reward("chat-4", 0, 0.5, "ann"));
        house.carried(Set.of(live.id()), 1);
        house.ledger().park(List.of(parked.id()), "too hard");
        house.ledger().withdraw(gone.id());

        assertThat(house.ledger().waiting("apprentice"))
                .containsExactlyInAnyOrder(Waiting.of(fresh), Waiting.of(reward));

        house.carried(Set.of(), 0);
        assertThat(house.ledger().waiting("apprentice"))
                .as("a rollback makes nothing wait that was studied")
                .hasSize(2);
    }
}
