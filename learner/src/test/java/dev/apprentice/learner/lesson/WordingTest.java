package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.Match;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Where is my parcel?|where is my parcel",
                "'  Where   is\tmy parcel ?!'|where is my parcel",
                "Where\u00a0is my parcel…|where is my parcel",
                "cafe\u0301|café",
                "5%|5%",
                "?|?",
                "3.14|3.14",
                "CAFE\u0301 .|café",
                "\u0130STANBUL|i\u0307stanbul",
                "'a\u2028\u3000 b\u000b'|a b",
                "'wait . . .'|wait",
                "お元気ですか？|お元気ですか",
            })
    void whatIsTheSameToAPersonIsTheSame(String text, String plain) {
        assertThat(Wording.plain(text)).isEqualTo(plain);
    }

    @Test
    void requestsAreTheSameWhenAllMessagesAre() {
        var asked = List.of(ChatMessage.of("system", "Be kind."), ChatMessage.of("user", "Where is it?"));
        assertThat(Same.key(List.of(ChatMessage.of("developer", "be kind"), ChatMessage.of("user", " where is IT"))))
                .isEqualTo(Same.key(asked));
        assertThat(Same.key(List.of(ChatMessage.of("user", "Where is it?")))).isNotEqualTo(Same.key(asked));
        assertThat(Same.key(List.of(asked.get(1), asked.get(0)))).isNotEqualTo(Same.key(asked));
        assertThat(Same.key(List.of(ChatMessage.of("user", "a"), ChatMessage.of("user", "b"))))
                .isNotEqualTo(Same.key(List.of(ChatMessage.of("user", "a b"))));
        assertThat(Same.key(List.of(ChatMessage.of("user", "is it 41?"))))
                .isNotEqualTo(Same.key(List.of(ChatMessage.of("user", "is it 42?"))));
    }

    @Test
    void exactForgivesWhatNobodyMeans() {
        assertThat(Right.holds(Match.EXACT, "  the Blue Desk. ", "The blue desk"))
                .isTrue();
        assertThat(Right.holds(Match.EXACT, "It is the blue desk", "The blue desk"))
                .isFalse();
    }

    @Test
    void exactJudgesLongAnswersByOverlap() {
        var wanted = "please send the parcel back with the form that you find on page four of the booklet";
        assertThat(Right.holds(Match.EXACT, wanted.replace("booklet", "leaflet"), wanted))
                .isTrue();
        assertThat(Right.holds(Match.EXACT, "please send the parcel back", wanted))
                .isFalse();
    }

    @Test
    void containsLooksForTheWantedAnswer() {
        assertThat(Right.holds(Match.CONTAINS, "That is for the Blue Desk, I think", "blue desk"))
                .isTrue();
        assertThat(Right.holds(Match.CONTAINS, "That is for the red desk", "blue desk"))
                .isFalse();
    }

    @Test
    void f1CountsEachWordAsOftenAsItStands() {
        assertThat(Right.f1("a a a a", "a b c d")).isEqualTo(0.25); // 2 * 1 / 8
        assertThat(Right.f1("a b c d", "d c b a")).isEqualTo(1);
        assertThat(Right.holds(Match.F1, "a b c d x", "a b c d")).isTrue(); // 8 / 9
        assertThat(Right.holds(Match.F1, "a b x y", "a b c d")).isFalse(); // .5
    }

    @Test
    void regexMatchesTheWholeAnswerAndNeverForEver() {
        assertThat(Right.holds(Match.REGEX, "48/213-K", "\\d{2}/\\d{3}-K")).isTrue();
        assertThat(Right.holds(Match.REGEX, "it is 48/213-K", "\\d{2}/\\d{3}-K"))
                .isFalse();
        assertThat(Right.holds(Match.REGEX, "a".repeat(40) + "!", "(a|aa|a?)+$"))
                .isFalse();
        assertThat(Right.holds(Match.REGEX, "(", "(")).isTrue(); // no pattern: taken literally
    }
}
