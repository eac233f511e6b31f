package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.teaching.LessonKind;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.server.examples.AskAndCorrect;
import dev.apprentice.server.examples.EpisodeWithLateReward;
import dev.apprentice.server.examples.HotSwapAndRollback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manual's three programs, as they are, against the real server. */
@Timeout(120)
@ExtendWith(SharedServer.class)
final class ExamplesServerTest {
    private final Apprentice apprentice;
    private final String url;
    private final ApprenticeClient client;

    ExamplesServerTest(Apprentice apprentice) {
        this.apprentice = apprentice;
        this.url = "http://127.0.0.1:" + apprentice.port();
        this.client = ApprenticeClient.http(url).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theApplicationHearsWhatItHasTaught() {
        var instance = SdkWay.HTTP.learner(client, "example-ask");
        assertThat(AskAndCorrect.run(url, instance)).isEqualTo("Desk Heron");
        assertThat(client.lessons().all(LessonQuery.of(instance))).hasSize(1);
    }

    @Test
    void theLateRewardIsOneHoweverOftenItIsGiven() {
        var instance = SdkWay.HTTP.learner(client, "example-episode");
        var episode = EpisodeWithLateReward.task(url, instance);
        assertThat(client.lessons().all(LessonQuery.of(instance))).isEmpty();
        var receipt = EpisodeWithLateReward.reward(url, episode, 0.75);
        assertThat(EpisodeWithLateReward.reward(url, episode, 0.75).id()).isEqualTo(receipt.id());
        assertThat(client.lessons().all(LessonQuery.of(instance)))
                .singleElement()
                .satisfies(lesson -> {
                    assertThat(lesson.kind()).isEqualTo(LessonKind.REWARD);
                    assertThat(lesson.reward()).hasValue(0.75);
                    assertThat(lesson.episode()).contains(episode);
                });
    }

    @Test
    void theAdapterGoesInAndOutAgain(@TempDir Path folder) throws IOException {
        var instance = SdkWay.HTTP.learner(client, "example-swap");
        var adapter = folder.resolve("adapter.zip");
        Files.write(adapter, RandomAdapter.zip(apprentice.engine().base().config(), 6));
        assertThat(HotSwapAndRollback.run(url, instance, adapter)).containsExactly(1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AskAndCorrect", "EpisodeWithLateReward", "HotSwapAndRollback"})
    void theManualShowsThemAsTheyAre(String name) throws IOException {
        var program = Files.readString(Path.of("src/test/java/dev/apprentice/server/examples", name + ".java"));
        assertThat(Files.readString(Path.of("../docs/sdk.md")))
                .contains("```java\n" + program.substring(program.indexOf("/** ")) + "```\n");
    }
}
