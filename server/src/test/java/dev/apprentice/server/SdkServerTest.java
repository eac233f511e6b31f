package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.admin.CheckpointState;
import dev.apprentice.client.admin.EventKind;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.asking.FinishReason;
import dev.apprentice.client.error.NotFoundException;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.transport.Content;
import dev.apprentice.server.examples.AskAndCorrect;
import dev.apprentice.server.examples.HotSwapAndRollback;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Our own client against the real server with the real default model. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class SdkServerTest {
    private static final String QUESTION = "Which desk handles refunds of the shop?";

    private static ApprenticeClient client(Apprentice apprentice) {
        return ApprenticeClient.http("http://127.0.0.1:" + apprentice.port()).build();
    }

    private static InstanceDraft learner(String id) {
        return InstanceDraft.builder(id).policy("min_lessons_to_study", 100_000).build();
    }

    private static AskRequest ask(String model) {
        return AskRequest.builder(model)
                .user(QUESTION)
                .temperature(0)
                .maxTokens(12)
                .build();
    }

    @Test
    void whatIsCorrectedIsAnswered(Apprentice apprentice) {
        try (var client = client(apprentice)) {
            client.instances().create(learner("sdk-correct"));
            var before = client.ask(ask("sdk-correct"));
            assertThat(before.provenance().orElseThrow().instance()).contains("sdk-correct");
            var receipt = client.correct(before.id(), "Desk Heron");
            var after = client.ask(ask("sdk-correct"));
            assertThat(after.text()).isEqualTo("Desk Heron");
            assertThat(after.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(after.provenance().orElseThrow().recalled()).contains(receipt.id());
            assertThat(client.lessons().all(LessonQuery.of("sdk-correct")))
                    .singleElement()
                    .satisfies(lesson -> {
                        assertThat(lesson.id()).isEqualTo(receipt.id());
                        assertThat(lesson.answer()).contains("Desk Heron");
                        assertThat(lesson.interaction()).contains(before.id());
                    });
            assertThat(client.lessons().pin(receipt.id()).pinned()).isTrue();
            client.lessons().withdraw(receipt.id());
            assertThat(client.ask(ask("sdk-correct")).text()).isEqualTo(before.text());
        }
    }

    @Test
    void aStreamIsTheWholeAnswer(Apprentice apprentice) {
        try (var client = client(apprentice)) {
            var whole = client.ask(ask("base"));
            try (var chunks = client.stream(ask("base"))) {
                var streamed = Answer.of(chunks);
                assertThat(streamed.text()).isEqualTo(whole.text());
                assertThat(streamed.usage().orElseThrow().completionTokens())
                        .isEqualTo(whole.usage().orElseThrow().completionTokens());
                assertThat(streamed.provenance()).isPresent();
            }
            var logprobs =
                    client.ask(ask("base").toBuilder().logprobs(2).build()).logprobs();
            assertThat(logprobs)
                    .isNotEmpty()
                    .allSatisfy(token -> assertThat(token.top()).hasSize(2));
        }
    }

    @Test
    void anUnknownModelIsNotFound(Apprentice apprentice) {
        try (var client = client(apprentice)) {
            assertThatThrownBy(() -> client.ask(ask("nobody"))).isInstanceOfSatisfying(NotFoundException.class, e -> {
                assertThat(e.code()).isEqualTo("model_not_found");
                assertThat(e.field()).contains("model");
                assertThat(e.requestId()).isPresent();
            });
            assertThatThrownBy(() -> client.instances().get("a/b")).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void checkpointsGoUpAndDownAndEventsTellOfIt(Apprentice apprentice, @TempDir Path folder) throws Exception {
        try (var client = client(apprentice)) {
            client.instances().create(learner("sdk-swap"));
            try (var events = client.watch(EventQuery.fromNow().ofInstance("sdk-swap"))) {
                var zip = RandomAdapter.zip(apprentice.engine().base().config(), 5);
                var checkpoints = client.checkpoints("sdk-swap");
                assertThat(checkpoints.upload(Content.of(zip)).number()).hasValue(1);
                assertThat(checkpoints.promote(1).state()).isEqualTo(CheckpointState.LIVE);
                assertThat(client.instances().get("sdk-swap").liveCheckpoint()).isEqualTo(1);
                var promotion = events.stream()
                        .filter(event -> event.kind().equals(EventKind.PROMOTION))
                        .findFirst()
                        .orElseThrow();
                assertThat(promotion.instance()).isEqualTo("sdk-swap");
                var file = folder.resolve("adapter.zip");
                checkpoints.download(1, file);
                assertThat(checkpoints.upload(Content.of(file)).adapterDigest())
                        .isEqualTo(checkpoints.get(1).adapterDigest());
                assertThat(Files.size(file)).isPositive();
                assertThat(checkpoints.rollback().number()).hasValue(0);
                assertThat(checkpoints.all()).hasSize(2);
            }
            assertThat(client.instances().report("sdk-swap").liveCheckpoint()).isZero();
            assertThat(client.instances().freeze("sdk-swap").frozen()).isTrue();
            client.instances().delete("sdk-swap");
            assertThat(client.instances().all())
                    .noneMatch(instance -> instance.id().equals("sdk-swap"));
        }
    }

    @Test
    void theExamplesDoWhatTheySay(Apprentice apprentice, @TempDir Path folder) throws Exception {
        var url = "http://127.0.0.1:" + apprentice.port();
        try (var client = client(apprentice)) {
            client.instances().create(learner("sdk-example"));
            assertThat(AskAndCorrect.run(url, "sdk-example")).isEqualTo("Desk Heron");
            var adapter = folder.resolve("adapter.zip");
            Files.write(adapter, RandomAdapter.zip(apprentice.engine().base().config(), 6));
            assertThat(HotSwapAndRollback.run(url, "sdk-example", adapter)).containsExactly(1, 0);
        }
    }
}
