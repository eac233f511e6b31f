package dev.apprentice.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.sampling.SamplingParams;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.lesson.Judged;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users say next becomes a weak judgement where the policy wants it, and nowhere else. */
class NextTurnsTest {
    private static final String ME = "apprentice";

    @TempDir
    private Path data;

    private TinyLearner tiny;

    @BeforeEach
    void open() {
        tiny = new TinyLearner(data);
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    @Test
    void thanksForAnAnswerAreKeptAsPraiseOfIt() throws InterruptedException {
        policy(Map.of("implicit", true));
        var conversation = new ArrayList<>(List.of(ChatMessage.of("user", "Who does the parcels here?")));
        var first = says(conversation, Extras.NONE);
        conversation.add(ChatMessage.of("user", "Great, thanks!"));
        var second = says(conversation, Extras.NONE);

        assertThat(opinions()).singleElement().satisfies(lesson -> {
            assertThat(lesson.kind()).isEqualTo(LessonKind.IMPLICIT);
            assertThat(lesson.interaction()).isEqualTo(first);
            assertThat(lesson.own()).containsEntry("rating", "up").containsEntry("next", second);
        });
        assertThat(tiny.learner().values().standing(ME).outcomes())
                .as("graded answers")
                .isZero();
    }

    @Test
    void nothingIsKeptWhereThePolicyDoesNotSaySo() throws InterruptedException {
        thank(Extras.NONE);
        assertThat(opinions()).isEmpty();
    }

    @Test
    void nothingIsKeptOfTextsThatMustNotBeStored() throws InterruptedException {
        policy(Map.of("implicit", true, "store_messages", false));
        thank(Extras.NONE);
        assertThat(opinions()).isEmpty();
    }

    @Test
    void nothingIsKeptWhereTheRequestDeclinesLearning() throws InterruptedException {
        policy(Map.of("implicit", true));
        thank(new Extras(null, Extras.Adapter.AUTO, false));
        assertThat(opinions()).isEmpty();
    }

    @Test
    void anAnswerThatTheClientChangedIsNotJudged() throws InterruptedException {
        policy(Map.of("implicit", true));
        var conversation = new ArrayList<>(List.of(ChatMessage.of("user", "Who does the parcels here?")));
        says(conversation, Extras.NONE);
        conversation.set(1, ChatMessage.of("assistant", "Words of the client"));
        conversation.add(ChatMessage.of("user", "That is wrong."));
        says(conversation, Extras.NONE);
        assertThat(opinions()).isEmpty();
    }

    private void thank(Extras extras) throws InterruptedException {
        var conversation = new ArrayList<>(List.of(ChatMessage.of("user", "Who does the parcels here?")));
        says(conversation, extras);
        conversation.add(ChatMessage.of("user", "Thanks!"));
        says(conversation, extras);
    }

    /** Asks, adds what is answered, and returns the answer's id. */
    private String says(List<ChatMessage> conversation, Extras extras) throws InterruptedException {
        var question = new Question(
                conversation,
                List.of(),
                new Constraint.None(),
                SamplingParams.greedy(8),
                8,
                extras,
                null,
                null,
                "chatcmpl-");
        try (var answer = tiny.learner().agent(ME).ask(question)) {
            conversation.add(ChatMessage.of("assistant", answer.await().text()));
            return answer.id();
        }
    }

    /** What was left for the writer is done before what it is handed next. */
    private List<Lesson> opinions() {
        policy(Map.of("help_below", 0.4));
        return tiny.learner().lessons().judged(ME).stream().map(Judged::lesson).toList();
    }

    private void policy(Map<String, @Nullable Object> policy) {
        tiny.learner().instances().patch(ME, new InstancePatch(null, null, policy));
    }
}
