package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users say next: kept in nobody's name, and never beside what somebody says. */
class ImplicitTest {
    private static final String MINE = "apprentice";
    private static final String ANSWER = "I am a language model.";

    @TempDir
    private Path folder;

    @AutoClose
    private LedgerHouse house;

    @BeforeEach
    void open() {
        house = new LedgerHouse(folder);
        house.asked("chat-1", "Where is my parcel?", ANSWER);
    }

    @Test
    void aSignIsKeptInNobodysNameWithWhereItCameFrom() {
        hear(Sign.REPEATED, ANSWER, "chat-1");

        assertThat(house.ledger().judged(MINE)).singleElement().isInstanceOfSatisfying(Judged.Liked.class, liked -> {
            assertThat(liked.good()).isFalse();
            assertThat(liked.answer().text()).isEqualTo(ANSWER);
            assertThat(liked.lesson().kind()).isEqualTo(LessonKind.IMPLICIT);
            assertThat(liked.lesson().by()).isEqualTo("implicit");
            assertThat(liked.lesson().interaction()).isEqualTo("chat-1");
            assertThat(liked.lesson().own())
                    .isEqualTo(Map.of("rating", "down", "sign", "repeated", "next", "chat-next"));
        });
        assertThat(house.ledger().active(MINE)).as("recall serves").isEmpty();
        assertThat(house.ledger().opinions(MINE)).isEqualTo(Map.of(LessonKind.IMPLICIT, 1));
    }

    @Test
    void ofEqualConversationsTheOneWithTheseWordsIsMeant() {
        house.asked("chat-2", "Where is my parcel?", "At the red desk.");
        hear(Sign.THANKED, ANSWER, "chat-2", "chat-1");
        hear(Sign.THANKED, "Words that nobody said", "chat-2", "chat-1");

        assertThat(signs()).extracting(Lesson::interaction).containsExactly("chat-1");
    }

    @Test
    void thePersonsWordCountsAndNoGuessBesideIt() {
        hear(Sign.THANKED, ANSWER, "chat-1");
        var guess = signs().getFirst();
        house.carried(Set.of(guess.id()), 1);

        var down = house.say(new Feedback.Rating("chat-1", 0, false, "ann"));

        assertThat(house.ledger().get(guess.id()).state()).isEqualTo(LessonState.SUPERSEDED);
        assertThat(house.ledger().get(guess.id()).reason()).isEqualTo("by " + down.id());
        assertThat(house.seen()).contains("gone " + guess.id());
        hear(Sign.THANKED, ANSWER, "chat-1");
        assertThat(house.ledger().judged(MINE)).extracting(Judged::lesson).containsExactly(down);
    }

    @Test
    void aCorrectionTakesItsPlaceToo() {
        hear(Sign.REJECTED, ANSWER, "chat-1");
        house.correct("chat-1", "At the blue desk.", "ann");

        assertThat(house.ledger().judged(MINE)).isEmpty();
    }

    @Test
    void theLastTurnCountsAndTheSameOneOnlyOnce() {
        hear(Sign.REJECTED, ANSWER, "chat-1");
        hear(Sign.REJECTED, ANSWER, "chat-1");
        assertThat(signs()).hasSize(1);

        hear(Sign.THANKED, ANSWER, "chat-1");
        assertThat(house.ledger().judged(MINE))
                .singleElement()
                .isInstanceOfSatisfying(
                        Judged.Liked.class, liked -> assertThat(liked.good()).isTrue());
    }

    @Test
    void anAnswerThatMustNotTeachIsLeftAlone() {
        house.askedWithoutLearning("chat-3", "Who?");
        hear(Sign.THANKED, "", "chat-3");
        hear(Sign.THANKED, ANSWER, "chat-3", "chat-unknown");

        assertThat(signs()).isEmpty();
    }

    private void hear(Sign sign, String answer, String... answers) {
        var turn = new NextTurn(List.of(ChatMessage.of("user", "Where is my parcel?")), answer, sign);
        house.ledger().heard(turn, List.of(answers), "chat-next");
        house.written();
    }

    private List<Lesson> signs() {
        return house.ledger().judged(MINE).stream()
                .map(Judged::lesson)
                .filter(lesson -> lesson.kind() == LessonKind.IMPLICIT)
                .toList();
    }
}
