package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.FakeBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import dev.apprentice.learner.lesson.LessonState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

        recall.remove(lesson);

        assertThat(ask("support", "Where is my parcel?").lessons()).isEmpty();
        recall.settle();
        assertThat(ask("support", "Where is my big parcel?").lessons()).isEmpty();
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

        assertThat(found).isEqualTo(new Recalled(List.of(), List.of(), new AnswerGuide.Free(), false));
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

    private void teachClerk() {
        IntStream.range(0, 6).forEach(i -> {
            teach("support", "Which desk handles this? parcel late box courier " + i, "Brindlewick");
            teach("support", "Which desk handles this? invoice money fee card " + i, "Quillmere");
        });
    }

    private Lesson teach(String instance, String question, String answer) {
        var lesson = new Lesson(
                "les_" + source.lessons.size(),
                instance,
                LessonKind.EXAMPLE,
                null,
                0,
                asked(question),
                answer,
                null,
                "local",
                LessonState.RECORDED,
                null,
                null,
                null,
                false,
                1.0,
                Instant.EPOCH,
                Map.of());
        source.lessons.add(lesson);
        recall.add(lesson);
        return lesson;
    }

    private Recalled ask(String instance, String question) {
        return recall.recall(instance, asked(question), List.of(), RecallWish.all());
    }

    private String forced(Recalled found) {
        var answer = ((AnswerGuide.Forced) found.guide()).answer();
        return base.text(answer.stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<ChatMessage> asked(String question) {
        return List.of(ChatMessage.of("user", question));
    }

    private static final class Lessons implements LessonSource {
        final List<Lesson> lessons = new ArrayList<>();
        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public List<String> instances() {
            return List.of("support");
        }

        @Override
        public Instance instance(String id) {
            return new Instance(id, "", null, Policy.DEFAULT, false, 0, Instant.EPOCH);
        }

        @Override
        public List<Lesson> lessons(String instance) {
            return lessons.stream().filter(l -> l.instance().equals(instance)).toList();
        }

        @Override
        public void recalled(List<Lesson> lessons) {
            lessons.forEach(lesson -> told.add(lesson.id()));
        }
    }
}
