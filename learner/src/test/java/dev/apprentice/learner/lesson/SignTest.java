package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignTest {
    private static final String ASKED = "Which desk handles lost parcels?";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thanks!",
                "thank you so much",
                "Great, thanks",
                "Ok. Thank you for your help!",
                "Perfect, thank you. That's exactly what I needed."
            })
    void nothingButThanksIsPraise(String next) {
        assertThat(Sign.of(ASKED, next)).contains(Sign.THANKED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No, that is wrong.",
                "That’s not right. It is the blue desk.",
                "wrong",
                "Sorry, but your answer is incorrect: parcels go elsewhere",
                "That's not what I asked for.",
                "You got that wrong"
            })
    void aRejectionAtTheBeginningIsOne(String next) {
        assertThat(Sign.of(ASKED, next)).contains(Sign.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "which desk handles  lost parcels",
                "Please, which desk handles the lost parcels?",
                "No. Which desk handles lost parcels?",
                "I asked: which desk handels lost parcels?"
            })
    void theSameQuestionOnceMoreIsARepetition(String next) {
        assertThat(Sign.of(ASKED, next)).contains(Sign.REPEATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "No thanks",
                "Thanks, but which desk is that?",
                "Thanks. Which desk handles lost letters?",
                "Is that wrong?",
                "That is wrong, is it?",
                "That's not wrong.",
                "That is wrong of them to say.",
                "Which desk handles found parcels?",
                "Which desk handles lost parcels from abroad then?",
                "Which desk handles 2 lost parcels?",
                "Tell me more about this desk."
            })
    void whateverMayMeanSomethingElseIsNoSign(String next) {
        assertThat(Sign.of(ASKED, next)).isEmpty();
    }

    @Test
    void whoWantsSomethingNewEachTimeRepeatsHimselfWithoutBlame() {
        assertThat(Sign.of("Tell me another joke please", "Tell me another joke please"))
                .isEmpty();
        assertThat(Sign.of("Go on", "Go on")).isEmpty();
    }

    @Test
    void aRepetitionIsKnownInAnyLanguage() {
        assertThat(Sign.of("Wo liegt mein Paket heute?", "wo liegt mein paket heute"))
                .contains(Sign.REPEATED);
    }

    @Test
    void onlyAUsersTurnAfterAnAnswerInWordsIsANextTurn() {
        var asked = ChatMessage.of("user", ASKED);
        var answer = ChatMessage.of("assistant", "The red desk.");
        var thanks = ChatMessage.of("user", "Thanks!");
        assertThat(NextTurn.of(List.of(asked, answer, thanks)))
                .contains(new NextTurn(List.of(asked), "The red desk.", Sign.THANKED));
        assertThat(NextTurn.of(List.of(asked, thanks))).isEmpty();
        assertThat(NextTurn.of(List.of(answer, thanks))).isEmpty();
        assertThat(NextTurn.of(List.of(asked, answer))).isEmpty();
        assertThat(NextTurn.of(List.of(asked, answer, ChatMessage.of("tool", "Thanks!"))))
                .isEmpty();
    }
}
