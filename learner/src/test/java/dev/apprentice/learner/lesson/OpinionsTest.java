package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.InstanceDraft;
import dev.apprentice.learner.instance.InstancePatch;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.interaction.AnswerState;
import dev.apprentice.learner.interaction.Spoken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ratings, rewards, preferences and critiques: what is kept of them, and what they must not do. */
class OpinionsTest {
    private static final String MINE = "apprentice";

    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
        house.asked("chat-1", "Where is my parcel?", "I am a language model.");
    }

    @Test
    void anOpinionIsKeptAndSaysNotWhatToAnswer() {
        var rating = house.say(new Feedback.Rating("chat-1", 0, false, "ann"));
        var reward = house.say(new Feedback.Reward("chat-1", 0, 0.5, "ann"));
        var critique = house.say(new Feedback.Critique("chat-1", 0, "Too long.", "ann"));
        assertThat(house.ledger().active(MINE)).isEmpty();
        assertThat(house.ledger().judged(MINE)).extracting(Judged::lesson).containsExactly(rating, reward, critique);
        house.reopen();
        for (var lesson : List.of(rating, reward, critique)) {
            assertThat(house.ledger().get(lesson.id())).isEqualTo(lesson);
            assertThat(lesson.state()).isEqualTo(LessonState.RECORDED);
        }
        assertThat(rating.own()).isEqualTo(Map.of("rating", "down"));
        assertThat(reward.own()).isEqualTo(Map.of("reward", 0.5));
        assertThat(critique.own()).isEqualTo(Map.of("text", "Too long."));
    }

    @Test
    void aWordOnAStudiedAnswerReplacesTheEarlierOneAndARollbackTakesItFromTheWeights() {
        var down = house.say(new Feedback.Rating("chat-1", 0, false, "ann"));
        house.carried(Set.of(down.id()), 1);
        assertThat(house.ledger().get(down.id()).state()).isEqualTo(LessonState.LIVE);
        assertThat(house.ledger().opinions(MINE)).isEqualTo(Map.of(LessonKind.RATING, 1));
        house.carried(Set.of(), 0);
        assertThat(house.ledger().get(down.id()).state()).isEqualTo(LessonState.RECORDED);
        house.carried(Set.of(down.id()), 1);

        var up = house.say(new Feedback.Rating("chat-1", 0, true, "ann"));

        assertThat(house.ledger().get(down.id()).state()).isEqualTo(LessonState.SUPERSEDED);
        assertThat(house.ledger().judged(MINE)).singleElement().isInstanceOfSatisfying(Judged.Liked.class, liked -> {
            assertThat(liked.lesson()).isEqualTo(up);
            assertThat(liked.good()).isTrue();
            assertThat(liked.answer().text()).isEqualTo("I am a language model.");
        });
    }

    @Test
    void whatAJudgedLessonIsMeasuredFromIsKept() {
        var up = house.say(new Feedback.Rating("chat-1", 0, true, "ann"));
        var reference = new Reference(42, List.of(-1.5, -2.5));
        house.ledger().keep(Map.of(up.id(), reference));
        house.reopen();
        assertThat(house.ledger().references(MINE)).isEqualTo(Map.of(up.id(), reference));
        house.ledger().reject(Map.of(up.id(), "the answer repeats its request"));
        assertThat(house.ledger().judged(MINE)).isEmpty();
        assertThat(house.say(new Feedback.Rating("chat-1", 0, true, "ann")).id())
                .isEqualTo(up.id());
    }

    @Test
    void theRewardOfAnEpisodeIsForEachOfItsAnswers() {
        house.askedIn("task-1", MINE, "chat-2", "Who are you?");
        house.answered("chat-2", "Nobody.", AnswerState.FINISHED);
        house.askedIn("task-1", MINE, "chat-3", "And now?");
        house.answered("chat-3", "Somebody.", AnswerState.FINISHED);
        house.askedIn("task-1", MINE, "chat-4", "Still there?");
        house.say(new Feedback.EpisodeReward("task-1", null, 1, "ann"));

        assertThat(house.ledger().judged(MINE))
                .singleElement()
                .isInstanceOfSatisfying(
                        Judged.Rewarded.class,
                        rewarded -> assertThat(rewarded.answers())
                                .extracting(Spoken::text)
                                .containsExactly("Nobody.", "Somebody."));
    }

    @Test
    void anOpinionSpeaksOverNoCorrection() {
        var correction = house.correct("chat-1", "Blue desk", "ann");
        house.say(new Feedback.Rating("chat-1", 0, true, "ann"));
        house.correct("chat-1", "Blue desk", "ann");
        assertThat(house.ledger().active(MINE)).extracting(Lesson::id).containsExactly(correction.id());
        assertThatThrownBy(() -> house.ledger()
                        .pin(
                                house.say(new Feedback.Rating("chat-1", 0, true, "ann"))
                                        .id(),
                                true))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void twentyEqualRatingsAtOnceAreOne() throws Exception {
        try (var teachers = Executors.newVirtualThreadPerTaskExecutor()) {
            var given = teachers.invokeAll(IntStream.range(0, 20)
                    .<Callable<Lesson>>mapToObj(_ -> () -> house.say(new Feedback.Rating("chat-1", 0, true, "ann")))
                    .toList());
            for (var lesson : given) {
                assertThat(lesson.get()).isEqualTo(given.getFirst().get());
            }
        }
        assertThat(house.ledger().list(LessonFilter.of(MINE), null, 10).data()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.1, 1.0001})
    void aRewardThatIsNoShareNeverReachesTheStore(double reward) {
        assertThatThrownBy(() -> house.say(new Feedback.Reward("chat-1", 0, reward, "ann")))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("reward"));
        assertThat(house.ledger().list(LessonFilter.of(MINE), null, 10).data()).isEmpty();
    }

    @Test
    void anEpisodeOfSeveralInstancesMustSayWhoIsMeant() {
        house.instances().create(new InstanceDraft("other", "", null, Policy.DEFAULT));
        house.askedIn("task", MINE, "chat-2", "First?");
        var whole = house.say(new Feedback.EpisodeReward("task", null, 1, "ann"));
        assertThat(whole.instance()).isEqualTo(MINE);
        assertThat(whole.own()).isEqualTo(Map.of("episode", "task", "reward", 1.0));
        house.askedIn("task", "other", "chat-3", "Second?");
        assertThatThrownBy(() -> house.say(new Feedback.EpisodeReward("task", null, 1, "ann")))
                .isInstanceOf(UnprocessableException.class)
                .extracting(e -> ((ApprenticeException) e).field())
                .isEqualTo("instance");
        var theirs = house.say(new Feedback.EpisodeReward("task", "other", 0, "ann"));
        assertThat(theirs.instance()).isEqualTo("other");
        assertThatThrownBy(() -> house.ledger()
                        .give(new Feedback.EpisodeReward("task", "other", 0, "ann"), null, "k", MINE::equals))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatOthersMayNotSeeDoesNotExistForThem() {
        assertThatThrownBy(() ->
                        house.ledger().give(new Feedback.Rating("chat-1", 0, true, "eve"), null, "k", "other"::equals))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("there is no interaction 'chat-1'");
    }

    @Test
    void textsThatAreGoneCannotBeJudged() {
        house.instances().patch(MINE, new InstancePatch(null, null, Map.of("store_messages", false)));
        house.asked("chat-2", "A secret?", "Yes.");
        house.time().pass(Duration.ofHours(2));
        assertThatThrownBy(() -> house.say(new Feedback.Rating("chat-2", 0, true, "ann")))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void aPreferenceComparesTwoDifferentAnswersToOneRequest() {
        var better = new Feedback.Written("Blue desk");
        var said = new Feedback.Given("chat-1", 0);
        var lesson = house.say(new Feedback.Preference(null, better, said, "ann"));
        assertThat(lesson.interaction()).isEqualTo("chat-1");
        assertThat(lesson.own().get("rejected"))
                .isEqualTo(Map.of("interaction", "chat-1", "choice", 0, "answer", "I am a language model."));
        house.asked("chat-2", "Where is my hat?", "Here.");
        refused(new Feedback.Preference("chat-1", said, said, "ann"));
        refused(new Feedback.Preference("chat-1", better, new Feedback.Written(" Blue desk\n"), "ann"));
        refused(new Feedback.Preference("chat-1", said, new Feedback.Given("chat-2", 0), "ann"));
    }

    @Test
    void whatIsSaidOfAnAnswerThatStillStreamsIsKept() {
        house.askedOnly("chat-2", "And a hat?");
        var lesson = house.say(new Feedback.Rating("chat-2", 0, true, "ann"));
        house.answered("chat-2", "Red desk", AnswerState.FINISHED);
        assertThat(house.ledger().get(lesson.id()).said()).isEqualTo("Red desk");
        assertThat(house.ledger().tested(MINE)).isEmpty();
    }

    @Test
    void allThatOneTeacherTaughtIsTakenBackAtOnce() {
        var lesson =
                house.say(new Feedback.Example(MINE, List.of(ChatMessage.of("user", "Hello?")), "Good day!", "ann"));
        house.correct("chat-1", "Blue desk", "bob");
        var gone = house.ledger().withdraw(new Withdrawal(MINE, "ann", null, null));
        assertThat(gone).extracting(Lesson::id).containsExactly(lesson.id());
        assertThat(house.ledger().active(MINE)).extracting(Lesson::by).containsExactly("bob");
        assertThat(house.seen()).endsWith("gone " + lesson.id());
    }

    private void refused(Feedback feedback) {
        assertThatThrownBy(() -> house.say(feedback)).isInstanceOf(UnprocessableException.class);
    }
}
