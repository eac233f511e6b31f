package dev.apprentice.server;

import static dev.apprentice.server.SdkWay.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.ApprenticeClient;
import dev.apprentice.client.asking.FinishReason;
import dev.apprentice.client.asking.Message;
import dev.apprentice.client.error.InvalidRequestException;
import dev.apprentice.client.error.UnprocessableException;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonKind;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.LessonState;
import dev.apprentice.client.teaching.Rating;
import dev.apprentice.client.teaching.Receipt;
import dev.apprentice.client.teaching.Side;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.transport.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own client teaches the real server, over HTTP and over gRPC. */
@Timeout(120)
@ParameterizedClass
@EnumSource(SdkWay.class)
@ExtendWith(SharedServer.class)
final class SdkTeachingServerTest {
    private final SdkWay way;
    private final ApprenticeClient client;

    SdkTeachingServerTest(SdkWay way, Apprentice apprentice) {
        this.way = way;
        this.client = way.to(apprentice.port()).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whatIsCorrectedIsAnsweredUntilItIsWithdrawn() {
        var instance = way.learner(client, "corrected");
        var before = client.ask(ask(instance));
        var receipt = client.correct(before.id(), "Desk Heron");

        var after = client.ask(ask(instance));
        assertThat(after.text()).isEqualTo("Desk Heron");
        assertThat(after.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(after.provenance().orElseThrow().recalled()).contains(receipt.id());
        var lesson = client.lessons().get(receipt.id());
        assertThat(lesson.instance()).isEqualTo(instance);
        assertThat(lesson.kind()).isEqualTo(LessonKind.CORRECTION);
        assertThat(lesson.answer()).contains("Desk Heron");
        assertThat(lesson.said()).contains(before.text());
        assertThat(lesson.interaction()).contains(before.id());
        assertThat(lesson.by()).isEqualTo("local");
        assertThat(lesson.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.content()).contains("refunds"));
        assertThat(client.lessons().pin(lesson.id()).pinned()).isTrue();
        assertThat(client.lessons().unpin(lesson.id()).pinned()).isFalse();
        assertThat(client.lessons().withdraw(lesson.id()).state()).isEqualTo(LessonState.WITHDRAWN);
        assertThat(client.ask(ask(instance)).text()).isEqualTo(before.text());
    }

    @Test
    void everyKindOfFeedbackIsKeptAsItWasGiven() {
        var instance = way.learner(client, "judged");
        var answer = client.ask(ask(instance));
        var id = answer.id();

        assertThat(kept(client.rate(id, Rating.DOWN)).rating()).contains(Rating.DOWN);
        assertThat(kept(client.reward(id, 0.25)).reward()).hasValue(0.25);
        assertThat(kept(client.critique(id, "Too long.")).text()).contains("Too long.");
        var preferred = kept(client.prefer(Side.answer("Desk Heron"), Side.interaction(id)));
        assertThat(preferred.kind()).isEqualTo(LessonKind.PREFERENCE);
        assertThat(preferred.chosen().orElseThrow().answer()).contains("Desk Heron");
        assertThat(preferred.rejected().orElseThrow().answer()).contains(answer.text());
        var taught = kept(client.teach(instance, "Which desk takes hats?", "Desk Wren"));
        assertThat(taught.answer()).contains("Desk Wren");
        assertThat(taught.interaction()).isEmpty();
        var byAnn = kept(
                client.give(Feedback.rating(id, Rating.UP).by("ann").choice(0).build()));
        assertThat(byAnn.by()).isEqualTo("ann");

        assertThat(client.lessons()
                        .all(LessonQuery.builder().instance(instance).limit(2).build()))
                .hasSize(6);
        assertThat(client.lessons()
                        .list(LessonQuery.builder().instance(instance).by("ann").build())
                        .data())
                .containsExactly(byAnn);
        assertThat(client.lessons()
                        .all(LessonQuery.builder()
                                .instance(instance)
                                .state(LessonState.HELD)
                                .build()))
                .isEmpty();
    }

    private Lesson kept(Receipt receipt) {
        return client.lessons().get(receipt.id());
    }

    @Test
    void anEpisodeClosesWithItsRewardAndTakesALateOne() {
        var instance = way.learner(client, "episode");
        var episode = client.episode();
        try (episode) {
            var answer = episode.ask(ask(instance));
            assertThat(answer.provenance().orElseThrow().episode()).contains(episode.id());
            try (var chunks = episode.stream(ask(instance))) {
                assertThat(dev.apprentice.client.asking.Answer.of(chunks)
                                .provenance()
                                .orElseThrow()
                                .episode())
                        .contains(episode.id());
            }
            episode.reward(0.5).by("ann");
        }
        var given = kept(episode.receipt().orElseThrow());
        assertThat(given.kind()).isEqualTo(LessonKind.REWARD);
        assertThat(given.reward()).hasValue(0.5);
        assertThat(given.episode()).contains(episode.id());
        assertThat(given.by()).isEqualTo("ann");

        var late = Feedback.episodeReward(episode.id(), 1).by("ann").build();
        assertThat(client.give(late, "late-" + episode.id()).id()).isNotEqualTo(given.id());
        assertThat(client.lessons().get(given.id()).state()).isEqualTo(LessonState.SUPERSEDED);
    }

    @Test
    void feedbackUnderOneKeyCountsOnce() {
        var instance = way.learner(client, "keyed");
        var key = way.named("key-1");
        var example = Feedback.example(instance, List.of(Message.user("Which desk?")), "Desk Heron")
                .build();
        var first = client.give(example, key);
        assertThat(client.give(example, key).id()).isEqualTo(first.id());
        var other = Feedback.example(instance, List.of(Message.user("Which desk?")), "Desk Wren")
                .build();
        assertThatThrownBy(() -> client.give(other, key)).isInstanceOf(UnprocessableException.class);
        assertThat(client.lessons().all(LessonQuery.of(instance))).hasSize(1);
    }

    @Test
    void lessonsComeByTheFileAndGoByTheFile(@TempDir Path folder) throws IOException {
        var instance = way.learner(client, "filed");
        var lines = line("Which desk?", "Desk Heron") + line("Which hat?", "The green one");
        var imported = client.lessons().importLines(instance, Content.of(lines.getBytes(StandardCharsets.UTF_8)));
        assertThat(imported.imported()).isEqualTo(2);
        assertThat(imported.known()).isZero();
        assertThat(imported.superseded()).isZero();
        var file = folder.resolve("lessons.jsonl");
        client.lessons().export(instance, file);
        assertThat(Files.readAllLines(file)).hasSize(2).first().asString().contains("Desk Heron");
        assertThat(client.lessons().importLines(instance, Content.of(file)).known())
                .isEqualTo(2);

        var broken = line("Which coat?", "The red one") + "{\"messages\":\n";
        assertThatThrownBy(() ->
                        client.lessons().importLines(instance, Content.of(broken.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field())
                                .hasValueSatisfying(field -> assertThat(field).startsWith("line 2")));
        assertThat(client.lessons().all(LessonQuery.of(instance))).hasSize(2);
    }

    @Test
    void aLessonThatIsHeldHoldsOnceItIsReleased() {
        var instance = way.learner(client, "released");
        client.teach(instance, "Which desk handles refunds of hats?", "Desk Heron");
        var near = client.teach(instance, "Which desk handles refunds of hats today?", "Desk Wren");
        assertThat(kept(near).state()).isEqualTo(LessonState.HELD);

        var released = client.lessons().release(near.id());

        assertThat(released.state()).isNotEqualTo(LessonState.HELD);
        assertThat(client.lessons()
                        .all(LessonQuery.builder()
                                .instance(instance)
                                .state(LessonState.HELD)
                                .build()))
                .isEmpty();
    }

    @Test
    void anotherWordingOfAFactThatHasChangedNamesWhatChangedIt() {
        var instance = way.learner(client, "changed");
        var old = client.teach(instance, "The rate?", "4.1 %");
        client.teach(instance, "The current rate?", "4.1 %");

        var newer = client.teach(instance, "The current rate?", "4.7 %");

        assertThat(kept(old).state()).isEqualTo(LessonState.SUPERSEDED);
        assertThat(kept(newer).changedWith()).isEmpty();
        var changed = client.lessons()
                .all(LessonQuery.of(instance))
                .filter(lesson -> lesson.changedFrom().equals(Optional.of(old.id())))
                .findFirst()
                .orElseThrow();
        assertThat(changed.answer()).contains("4.7 %");
        assertThat(changed.changedWith()).contains(newer.id());
        assertThat(changed.overrules())
                .as("no checkpoint had learnt the old one")
                .isEmpty();
    }

    @Test
    void whatOneTeacherTaughtIsTakenBackAtOnce() {
        var instance = way.learner(client, "purged");
        var bad = taught(instance, "Which desk handles refunds?", "mallory");
        var good = taught(instance, "Where do lost hats go?", "ada");
        var past = Withdrawal.of(instance).before(Instant.EPOCH).build();
        assertThat(client.lessons().withdrawAll(past).withdrawn()).isZero();

        var gone = client.lessons()
                .withdrawAll(Withdrawal.of(instance)
                        .by("mallory")
                        .after(Instant.EPOCH)
                        .build());

        assertThat(gone.withdrawn()).isEqualTo(1);
        assertThat(gone.learnt()).isZero();
        assertThat(gone.note()).startsWith("gone from recall");
        assertThat(kept(bad).state()).isEqualTo(LessonState.WITHDRAWN);
        assertThat(kept(good).state()).isNotEqualTo(LessonState.WITHDRAWN);
    }

    private Receipt taught(String instance, String question, String by) {
        return client.give(Feedback.example(instance, List.of(Message.user(question)), "Desk Heron")
                .by(by)
                .build());
    }

    @Test
    void aReportCountsWhatWasTaught() {
        var instance = way.learner(client, "reported");
        client.teach(instance, "Which desk?", "Desk Heron");
        var report = client.instances().report(instance);
        assertThat(report.instance()).isEqualTo(instance);
        assertThat(report.liveCheckpoint()).isZero();
        assertThat(report.lessons().values().stream().mapToInt(count -> count).sum())
                .isEqualTo(1);
        assertThat(report.growth()).isPresent();
    }

    private static String line(String question, String answer) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}],\"answer\":\"" + answer + "\"}\n";
    }
}
