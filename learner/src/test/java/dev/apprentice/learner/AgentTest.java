package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.engine.model.PeftFolder;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.Penalties;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.checkpoint.Draft;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.store.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTest {
    private static final String QUESTION = "Where is my parcel?";

    @TempDir
    private Path data;

    private TinyLearner tiny;
    private Learner learner;

    @BeforeEach
    void open() {
        tiny = new TinyLearner(data);
        learner = tiny.learner();
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    @Test
    void aCorrectionAnswersTheVeryNextRepeatOfItsQuestion() throws InterruptedException {
        var lesson = corrected("Blue desk");
        try (var answer = tiny.asks("apprentice", " where is MY parcel")) {
            var said = answer.await();
            assertThat(said.text()).isEqualTo("Blue desk");
            assertThat(said.finish()).isEqualTo(FinishReason.STOP);
            assertThat(answer.provenance().recalled()).containsExactly(lesson.id());
        }
    }

    @Test
    void withoutRecallOnlyTheWeightsSpeak() throws InterruptedException {
        var before = tiny.weightsSay("apprentice", QUESTION).text();
        corrected("Blue desk");
        assertThat(tiny.weightsSay("apprentice", QUESTION).text()).isEqualTo(before);
        learner.instances().patch("apprentice", new InstancePatch(null, null, Map.of("recall", false)));
        try (var answer = tiny.asks("apprentice", QUESTION)) {
            assertThat(answer.await().text()).isEqualTo(before);
            assertThat(answer.provenance().recalled()).isEmpty();
        }
    }

    @Test
    void whatIsWithdrawnActsNoMore() throws InterruptedException {
        var before = tiny.weightsSay("apprentice", QUESTION).text();
        var lesson = corrected("Blue desk");
        learner.lessons().withdraw(lesson.id());
        try (var answer = tiny.asks("apprentice", QUESTION)) {
            assertThat(answer.await().text()).isEqualTo(before);
        }
    }

    @Test
    void aFrozenInstanceStaysAsItIsUntilItThaws() throws InterruptedException {
        corrected("Blue desk");
        tiny.recalledAll();
        learner.instances().freeze("apprentice");
        try (var answer = tiny.asks("apprentice", "Who pays?")) {
            answer.await();
            tiny.correct(answer.id(), "Red desk");
        }
        for (var restarted : List.of(false, true)) {
            if (restarted) {
                close();
                open();
            }
            assertThat(said(QUESTION)).isEqualTo("Blue desk");
            assertThat(said("Who pays?")).isNotEqualTo("Red desk");
        }
        learner.instances().unfreeze("apprentice");
        assertThat(said(QUESTION)).isEqualTo("Blue desk");
        assertThat(said("Who pays?")).isEqualTo("Red desk");
    }

    @Test
    void fiftyAskAndCorrectAtOnceAndNoIdIsUnknown() throws Exception {
        Callable<String> client = () -> {
            var mine = Thread.currentThread().threadId();
            try (var answer = tiny.asks("apprentice", "Question " + mine)) {
                var lesson = tiny.correct(answer.id(), "Answer " + mine); // before a single token was read
                answer.await();
                return lesson.id();
            }
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = threads.invokeAll(
                    IntStream.range(0, 50).mapToObj(_ -> client).toList());
            for (var call : calls) {
                assertThat(call.get()).startsWith("les_");
            }
        }
        assertThat(learner.report("apprentice").lessons().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(50);
    }

    @Test
    void theBaseAnswersByBothItsNamesAndDoesNotLearn() throws InterruptedException {
        tiny.promoted("apprentice", 1);
        var byName = tiny.engine().base().name();
        for (var name : List.of("base", byName)) {
            try (var answer = tiny.asks(name, QUESTION)) {
                answer.await();
                assertThat(answer.model()).isEqualTo(name);
                assertThat(answer.provenance().instance()).isNull();
                assertThat(answer.provenance().checkpoint()).isZero();
                assertThatThrownBy(() -> tiny.correct(answer.id(), "Blue desk"))
                        .isInstanceOf(UnprocessableException.class);
            }
        }
        assertThat(tiny.weightsSay("apprentice@0", QUESTION).text())
                .isEqualTo(tiny.weightsSay("base", QUESTION).text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apprentice@999",
                "apprentice@",
                "apprentice@-1",
                "apprentice@01",
                "apprentice@1@1",
                "APPRENTICE",
                "base@1",
                "nobody",
                "",
                " apprentice",
            })
    void whoIsNotHereIsNotFoundAndNeverTheBase(String model) {
        assertThatThrownBy(() -> learner.agent(model)).isInstanceOfSatisfying(NotFoundException.class, e -> {
            assertThat(e.code()).isEqualTo("model_not_found");
            assertThat(e.field()).isEqualTo("model");
        });
    }

    @Test
    void anAnswerKeepsTheCheckpointThatItBeganWith() throws InterruptedException {
        var base = tiny.weightsSay("apprentice", QUESTION).text();
        var ask = TinyLearner.question(QUESTION, TinyLearner.WEIGHTS_ONLY);
        try (var first = learner.agent("apprentice").ask(ask)) {
            tiny.promoted("apprentice", 1);
            try (var second = learner.agent("apprentice").ask(ask)) {
                assertThat(first.await().text()).isEqualTo(base);
                assertThat(first.provenance().checkpoint()).isZero();
                assertThat(second.await().text())
                        .isNotEqualTo(base)
                        .isEqualTo(tiny.weightsSay("apprentice@1", QUESTION).text());
                assertThat(second.provenance().checkpoint()).isEqualTo(1);
            }
        }
        learner.checkpoints().rollback("apprentice");
        assertThat(tiny.weightsSay("apprentice", QUESTION).text()).isEqualTo(base);
    }

    @Test
    void equalTensorsOfAnotherScaleAreAnotherAdapter() throws InterruptedException {
        var base = tiny.weightsSay("base", QUESTION).text();
        learner.checkpoints().upload("apprentice", TinyLearner.adapter(1, 1), "ann");
        learner.checkpoints().upload("apprentice", TinyLearner.adapter(1, 1e-9), "ann");
        assertThat(tiny.weightsSay("apprentice@1", QUESTION).text()).isNotEqualTo(base);
        assertThat(tiny.weightsSay("apprentice@2", QUESTION).text()).isEqualTo(base); // next to nothing is changed
    }

    @Test
    void twoInstancesDoNotKnowOfEachOther() throws InterruptedException {
        learner.instances().create(InstanceDraft.of("other"));
        corrected("MANGO-7");
        try (var answer = tiny.asks("other", QUESTION)) {
            assertThat(answer.await().text()).doesNotContain("MANGO-7");
            assertThat(answer.provenance().recalled()).isEmpty();
        }
    }

    @Test
    void runningAnswersOutliveTheirInstance() throws InterruptedException {
        tiny.promoted("apprentice", 1);
        try (var answer = tiny.asks("apprentice", QUESTION)) {
            var _ = answer.next(); // it runs: its adapter is in memory
            learner.instances().delete("apprentice");
            assertThat(answer.await().tokens()).isNotEmpty();
            assertThatThrownBy(() -> learner.agent("apprentice")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> tiny.correct(answer.id(), "Blue desk")).isInstanceOf(NotFoundException.class);
        }
        assertThat(data.resolve("adapters")).isEmptyDirectory();
    }

    @Test
    void anAnswerWithoutALimitEndsWithTheWindow() throws InterruptedException {
        var question = new Question(
                List.of(ChatMessage.of("user", QUESTION)),
                List.of(),
                new Constraint.None(),
                new SamplingParams(0, 1, 0, 0, Penalties.NONE, Map.of(), 0, 1, 0, List.of(), true, 0),
                null,
                Extras.NONE,
                null,
                null,
                "chatcmpl-");
        try (var answer = learner.agent("apprentice").ask(question)) {
            var said = answer.await();
            assertThat(said.finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(said.promptTokens() + said.tokens().size()).isEqualTo(256); // this model's window
        }
    }

    @Test
    void aPromptThatIsTooLongIsRefusedAndLeavesNothing() {
        assertThatThrownBy(() -> tiny.asks("apprentice", "x".repeat(300)))
                .isInstanceOf(InvalidRequestException.class)
                .extracting(e -> ((ApprenticeException) e).code())
                .isEqualTo("context_length_exceeded");
        assertThatThrownBy(() -> learner.agent("apprentice")
                        .ask(new Question(
                                List.of(),
                                List.of(),
                                new Constraint.None(),
                                SamplingParams.greedy(1),
                                null,
                                Extras.NONE,
                                null,
                                null,
                                "chatcmpl-")))
                .isInstanceOf(InvalidRequestException.class)
                .extracting(e -> ((ApprenticeException) e).field())
                .isEqualTo("messages");
    }

    @Test
    void choicesShareTheIdAndAreCorrectedOneByOne() throws InterruptedException {
        var answers = learner.agent("apprentice").ask(TinyLearner.question(QUESTION, Extras.NONE), 3);
        assertThat(answers).extracting(Answer::choice).containsExactly(0, 1, 2);
        assertThat(answers)
                .extracting(Answer::id)
                .containsOnly(answers.getFirst().id());
        for (var answer : answers) {
            answer.await();
            answer.close();
        }
        var id = answers.getFirst().id();
        var second = new Feedback.Correction(id, 2, "Blue desk", "ann");
        assertThat(learner.lessons().give(second, null, "local").choice()).isEqualTo(2);
    }

    @Test
    void anAnswerGivenUpFreesItsPlace() throws InterruptedException {
        var answer = tiny.asks("apprentice", QUESTION);
        assertThat(answer.next()).isInstanceOf(GenerationEvent.Delta.class);
        answer.close();
        answer.close();
        assertThat(tiny.correct(answer.id(), "Blue desk").said()).isNull(); // a part is not an answer
    }

    @Test
    void aSystemPromptAppliesWhereTheRequestHasNone() throws InterruptedException {
        var bare = tiny.weightsSay("apprentice", QUESTION).promptTokens();
        learner.instances().patch("apprentice", new InstancePatch(null, "Be kind.", Map.of()));
        var under = tiny.weightsSay("apprentice", QUESTION).promptTokens();
        assertThat(under).isGreaterThan(bare);
        var own = List.of(ChatMessage.of("system", "Be kind."), ChatMessage.of("user", QUESTION));
        var question = new Question(
                own,
                List.of(),
                new Constraint.None(),
                SamplingParams.greedy(4),
                4,
                TinyLearner.WEIGHTS_ONLY,
                null,
                null,
                "chatcmpl-");
        try (var answer = learner.agent("apprentice").ask(question)) {
            assertThat(answer.await().promptTokens()).isEqualTo(under);
        }
    }

    @Test
    void aDamagedAdapterIsNeverServedAndNeverHiddenByTheBase() throws IOException, InterruptedException {
        tiny.promoted("apprentice", 1);
        var sound = tiny.weightsSay("apprentice", QUESTION).text();
        var two = learner.checkpoints()
                .candidate(new Draft(
                        "apprentice",
                        1,
                        PeftFolder.readZip(
                                TinyLearner.adapter(2), tiny.engine().base().config()),
                        List.of(),
                        Columns.tree(Map.of())));
        learner.checkpoints().promote("apprentice", two.candidate(), true);
        var folder = learner.checkpoints().adapter("apprentice", "2").folder();
        Files.delete(folder.resolve("adapter_model.safetensors"));

        try (var answer =
                tiny.learner().agent("apprentice").ask(TinyLearner.question(QUESTION, TinyLearner.WEIGHTS_ONLY))) {
            assertThat(answer.provenance().checkpoint()).isEqualTo(1);
            assertThat(answer.await().text()).isEqualTo(sound);
        }
        assertThat(learner.ready()).isFalse();
        assertThat(learner.unreadyReason()).contains("apprentice", "checkpoint 2");
        assertThatThrownBy(() -> learner.agent("apprentice@2")).isInstanceOf(ConflictException.class);
        learner.checkpoints().rollback("apprentice");
        assertThat(learner.ready()).isTrue();
    }

    @Test
    void theReportTellsWhatWasTaughtAndHowAnswersHadDone() throws InterruptedException {
        corrected("Blue desk");
        try (var answer = tiny.asks("apprentice", QUESTION)) {
            answer.await(); // by recall: right
            tiny.correct(answer.id(), "blue desk.");
        }
        var report = learner.report("apprentice");
        assertThat(report.growth().tested()).isEqualTo(2);
        assertThat(report.growth().weights()).isZero();
        assertThat(report.growth().recall()).isEqualTo(1);
        assertThat(report.growth().right()).isEqualTo(1 / 1.99); // (0 * .99 + 1) / (.99 + 1)
        assertThat(report.lessons().get(LessonState.SUPERSEDED)).isEqualTo(1);
    }

    @Test
    void nobodyIsAnsweredAfterTheEnd() {
        learner.close();
        assertThatThrownBy(() -> tiny.asks("apprentice", QUESTION)).isInstanceOf(UnavailableException.class);
        assertThat(learner.ready()).isFalse();
    }

    private String said(String question) throws InterruptedException {
        try (var answer = tiny.asks("apprentice", question)) {
            return answer.await().text();
        }
    }

    private Lesson corrected(String right) throws InterruptedException {
        try (var answer = tiny.asks("apprentice", QUESTION)) {
            answer.await();
            return tiny.correct(answer.id(), right);
        }
    }
}
