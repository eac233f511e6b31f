package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.SampleLessons;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RecallTest {
    private final FakeBase base = new FakeBase();
    private final Lessons source = new Lessons();

    @TempDir
    Path folder;

    private Recall recall;

    @BeforeEach
    void open() {
        recall = Recall.open(base, Probes.load(), source, RecallSettings.DEFAULT, folder);
    }

    @AfterEach
    void close() {
        recall.close();
    }

    @Test
    void anExactRepeatIsAnsweredByForceAtOnce() {
        var lesson = teach("support", "Where is my parcel?", "Brindlewick");

        var found = ask("support", "  where is my PARCEL");

        assertThat(found.lessons()).containsExactly(lesson.id());
        assertThat(found.familiar()).isTrue();
        assertThat(forced(found)).isEqualTo("Brindlewick");
    }

    @Test
    void closingWaitsForThePromptThatIsReadAndForNoMore(@TempDir Path fresh) throws InterruptedException {
        var slow = new FakeBase();
        var read = new AtomicInteger();
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        slow.beforeEmbed = () -> {
            read.incrementAndGet();
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        var measuring = Recall.open(slow, Probes.load(), source, RecallSettings.DEFAULT, fresh);
        reading.await();
        var closing = Thread.ofPlatform().start(measuring::close);
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closing.join();
        assertThat(read).hasValue(1);
    }

    @Test
    void withoutRecallOnlyTheGateSpeaks() {
        teach("support", "Where is my parcel?", "Brindlewick");

        var found = recall.recall("support", asked("Where is my parcel?"), List.of(), RecallWish.gateOnly());

        assertThat(found).isEqualTo(new Recalled(List.of(), List.of(), new AnswerGuide.Free(), true));
    }

    @Test
    void whatIsGoneActsNoMore() throws InterruptedException {
        var lesson = teach("support", "Where is my parcel?", "Brindlewick");
        recall.settle();

        source.gone.add(lesson.id());
        recall.remove(lesson);

        assertThat(ask("support", "Where is my parcel?").lessons()).isEmpty();
        recall.settle();
        assertThat(ask("support", "Where is my big parcel?").lessons()).isEmpty();
    }

    @Test
    void whatWasOnlyJudgedIsKnownToWeightsThatLearntOfItAndToNoOthers() throws InterruptedException {
        teach("support", "Which desk handles the grey parcel of today?", "Brindlewick");
        var judged = judged();
        recall.settle();
        assertThat(ask("support", "What is the capital of France?").familiar()).isFalse();
        recall.add(judged);
        recall.settle();

        var served = ask("support", "What is the capital of France?");
        var candidate = recall.recall(
                "support",
                asked("What is the capital of France?"),
                List.of(),
                RecallWish.all().by(recall.fit("support", Map.of())));

        assertThat(served.familiar()).isFalse();
        assertThat(candidate.familiar()).isTrue();
        assertThat(candidate.lessons()).isEmpty();
        assertThat(source.told).doesNotContain("les_judged");
        recall.remove(judged);
        recall.settle();
        assertThat(recall.letThrough(
                        "support", recall.fit("support", Map.of()).gate(), List.of("What is the capital of France?")))
                .isEmpty();
    }

    @Test
    void whatWasJudgedIsKnownBesideMoreLessonsThanAreComparedWithToo() throws InterruptedException {
        IntStream.range(0, RecallSettings.DEFAULT.votersMax() + 8)
                .forEach(i -> teach("support", "Which desk handles the grey parcel " + i + "?", "desk " + i % 7));
        recall.settle();
        assertThat(candidate("What is the capital of France?").familiar()).isFalse();

        recall.add(judged());
        recall.settle();

        assertThat(candidate("What is the capital of France?").familiar()).isTrue();
        assertThat(candidate("What is the capital of France?").lessons()).isEmpty();
        assertThat(ask("support", "What is the capital of France?").familiar()).isFalse();
    }

    /** Without waiting for the thread: it shows what is new as soon as it has built it. */
    @Test
    @Timeout(60)
    void aLikeQuestionFindsANewLessonByItself() throws InterruptedException {
        teach("support", "Which desk handles the grey parcel of today?", "Brindlewick");
        recall.settle();
        var fresh = teach("support", "Who waters the plants on the second floor?", "Ondrasek");

        while (!ask("support", "Who waters the plants on the third floor?")
                .lessons()
                .contains(fresh.id())) {
            Thread.onSpinWait();
        }
    }

    @Test
    void noLessonCrossesInstances() throws InterruptedException {
        teach("a", "What is the code word?", "MANGO-7");
        recall.settle();

        assertThat(ask("b", "What is the code word?").lessons()).isEmpty();
        assertThat(ask("b", "What is the code word, please?").lessons()).isEmpty();
    }

    @Test
    void aLikeQuestionGetsTheLessonAsAnExample() throws InterruptedException {
        var lesson = teach("support", "Which desk handles the parcel that never came?", "Brindlewick");
        recall.settle();

        var found = ask("support", "Which desk handles the parcel that came late?");

        assertThat(found.lessons()).containsExactly(lesson.id());
        assertThat(found.examples())
                .containsExactly(lesson.messages().getFirst(), ChatMessage.of("assistant", "Brindlewick"));
    }

    @Test
    void whatTheLessonsAreNotAboutIsLeftAlone() throws InterruptedException {
        teach("support", "Which desk handles the parcel that never came?", "Brindlewick");
        recall.settle();

        var found = ask("support", "Tell me a story of dragons, long ago, in verse");

        assertThat(found.like(Likeness.NONE))
                .isEqualTo(new Recalled(List.of(), List.of(), new AnswerGuide.Free(), false));
        assertThat(found.likeness().gate()).isNegative();
    }

    @Test
    void answersOfASmallSetAreVotedOn() throws InterruptedException {
        teachClerk();
        recall.settle();

        var found = ask("support", "Which desk handles this? parcel late box courier now");

        var prior = (AnswerGuide.Prior) found.guide();
        assertThat(prior.lambda()).isGreaterThanOrEqualTo(0.5);
        var best = prior.answers().stream()
                .max((a, b) -> Double.compare(a.weight(), b.weight()))
                .orElseThrow();
        assertThat(base.text(best.tokens().stream().mapToInt(Integer::intValue).toArray()))
                .isEqualTo("Brindlewick <stop>");
        assertThat(found.examples()).isEmpty();
    }

    @Test
    void afterARestartEverythingIsThereAgain() throws InterruptedException {
        teachClerk();
        recall.settle();
        var before = ask("support", "Which desk handles this? parcel late box courier now");
        recall.close();

        open();
        recall.settle();

        assertThat(forced(ask("support", "Which desk handles this? invoice money fee card 3")))
                .isEqualTo("Quillmere");
        assertThat(ask("support", "Which desk handles this? parcel late box courier now")
                        .lessons())
                .isEqualTo(before.lessons());
    }

    @Test
    void lessonsAreToldOnceWhenTheyAreInTheIndex() throws InterruptedException {
        var lesson = teach("support", "Where is my parcel?", "Brindlewick");
        recall.settle();
        teach("support", "Where is my money?", "Quillmere");
        recall.settle();

        assertThat(source.told).hasSize(2).doesNotHaveDuplicates().contains(lesson.id());
    }

    @Test
    void anUploadedAdapterAppliesToEverything() throws InterruptedException {
        teach("support", "Which desk handles the parcel that never came?", "Brindlewick");
        recall.settle();
        var uploaded = new dev.apprentice.engine.adapter.AdapterRef("digest", folder);

        recall.use("support", new LiveAdapter(1, uploaded, java.util.Set.of(), null));
        recall.settle();

        assertThat(ask("support", "Tell me a story of dragons, long ago, in verse")
                        .familiar())
                .isTrue();
    }

    @Test
    void whatCorrectsTheWeightsSpeaksAloneUntilTheyHaveLearntIt() throws InterruptedException {
        var old = teach("support", "How high is the interest rate of our savings book?", "4.1 %");
        source.gone.add(old.id());
        var now = SampleLessons.example(
                "les_now", "support", old.messages(), "4.7 %", Instant.EPOCH, Map.of("overrules", old.id()));
        source.lessons.add(now);
        recall.add(now);
        recall.settle();
        var alike = "How high is the interest rate of our savings book now?";
        var weights = new dev.apprentice.engine.adapter.AdapterRef("digest", folder);

        recall.use("support", new LiveAdapter(1, weights, java.util.Set.of(old.id()), null));
        recall.settle();
        assertThat(ask("support", alike).lessons()).containsExactly(now.id());
        assertThat(ask("support", alike).familiar()).isFalse();

        recall.use("support", new LiveAdapter(2, weights, java.util.Set.of(now.id()), null));
        recall.settle();
        assertThat(ask("support", alike).familiar()).isTrue();
    }

    @Test
    void aGateIsFittedToAllLessonsInTheEndHoweverTheyCame(@TempDir Path fresh) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            teach("support", "Which desk handles case " + i + " of parcel " + i % 7 + "?", "desk " + i);
            if (i == 30 || i > 95) {
                recall.settle();
            }
        }
        var gate = recall.fit("support", Map.of()).gate();

        try (var atOnce = Recall.open(base, Probes.load(), source, RecallSettings.DEFAULT, fresh)) {
            atOnce.settle();
            assertThat(gate).isEqualTo(atOnce.fit("support", Map.of()).gate());
        }
    }

    private static Lesson judged() {
        return SampleLessons.judged(
                "les_judged",
                "support",
                LessonKind.RATING,
                "chat-1",
                asked("What is the capital of France?"),
                "local",
                1,
                Instant.EPOCH);
    }

    private void teachClerk() {
        IntStream.range(0, 6).forEach(i -> {
            teach("support", "Which desk handles this? parcel late box courier " + i, "Brindlewick");
            teach("support", "Which desk handles this? invoice money fee card " + i, "Quillmere");
        });
    }

    private Lesson teach(String instance, String question, String answer) {
        var lesson = source.teach(instance, question, answer);
        recall.add(lesson);
        return lesson;
    }

    private Recalled ask(String instance, String question) {
        return recall.recall(instance, asked(question), List.of(), RecallWish.all());
    }

    /** By weights that have just learnt of everything. */
    private Recalled candidate(String question) {
        return recall.recall(
                "support", asked(question), List.of(), RecallWish.all().by(recall.fit("support", Map.of())));
    }

    private String forced(Recalled found) {
        var answer = ((AnswerGuide.Forced) found.guide()).answer();
        return base.text(answer.stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<ChatMessage> asked(String question) {
        return List.of(ChatMessage.of("user", question));
    }
}
