package dev.apprentice.learner.interaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.TestSeams;
import dev.apprentice.learner.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepsakesTest {
    private static final List<ChatMessage> QUESTION = List.of(ChatMessage.of("user", "Hi?"));

    @TempDir
    private Path folder;

    private final TestSeams time = new TestSeams();
    private Store store;
    private Interactions interactions;
    private Keepsakes keepsakes;

    @BeforeEach
    void open() {
        store = Store.open(folder);
        interactions = new Interactions(store, time);
        keepsakes = new Keepsakes(store, interactions, time);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatWasKeptIsThereAfterARestart() {
        ask("resp_1", true);
        keepsakes.keep("resp_1", "{}");
        close();
        open();
        var kept = keepsakes.find("resp_1").orElseThrow();
        assertThat(kept.text()).isEqualTo("{}");
        assertThat(kept.interaction().messages()).isEqualTo(QUESTION);
    }

    @Test
    void whatWasForgottenIsGoneAndItsInteractionIsNot() {
        ask("resp_1", true);
        keepsakes.keep("resp_1", "{}");
        keepsakes.forget("resp_1");
        assertThat(keepsakes.find("resp_1")).isEmpty();
        assertThat(interactions.find("resp_1", 0)).isPresent();
    }

    @Test
    void whereNoTextsMayBeStoredItLivesAnHour() {
        ask("resp_1", false);
        keepsakes.keep("resp_1", "{}");
        assertThat(keepsakes.find("resp_1")).isPresent();
        time.pass(Duration.ofMinutes(61));
        assertThat(keepsakes.find("resp_1")).isEmpty();
    }

    @Test
    void whatNobodyAskedIsNotKept() {
        keepsakes.keep("resp_never", "{}");
        assertThat(keepsakes.find("resp_never")).isEmpty();
    }

    private void ask(String id, boolean keepTexts) {
        interactions
                .asked(new Asked(
                        id,
                        null,
                        0,
                        null,
                        QUESTION,
                        List.of(),
                        null,
                        true,
                        keepTexts,
                        1,
                        1,
                        List.of(),
                        Guided.FREE,
                        true,
                        5,
                        time.instant()))
                .await();
    }
}
