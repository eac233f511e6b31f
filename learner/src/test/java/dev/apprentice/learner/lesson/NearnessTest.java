package dev.apprentice.learner.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.lesson.Nearness.Distance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearnessTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // courtesy and slips of spelling
                "Where do I return a parcel?            | Please, where do I return the parcel?       | EQUAL",
                "Where do I return a parcel?            | where do i retrun a parcel                  | EQUAL",
                "Where do I return a parcel?            | Where do I return a parcels?                | EQUAL",
                // a word more
                "Where do I return a parcel?            | Where do I return a parcel today?           | NEAR",
                "Do ship the red box to our main office | Do not ship the red box to our main office  | NEAR",
                // another word
                "Where do I return a parcel?            | Where do I return a hat?                    | FAR",
                "Close my account                       | Open my account                             | FAR",
                "Help                                   | Help me                                     | FAR",
                // an order of words
                "from desk to door                      | from door to desk                           | FAR",
                // scripts without cases
                "请取消我的订单                          | 请确认我的订单                                | FAR",
            })
    void wordsTellHowNearTwoRequestsAre(String a, String b, Distance distance) {
        assertThat(between(a, b)).isEqualTo(distance);
        assertThat(between(b, a)).isEqualTo(distance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Is order 4711 late?          | Is order 4712 late?",
                "Is order 4711 late?          | Is order 4711 late 2 days?",
                "Where does Heron sit?        | Where does Wren sit?",
                "What does `ls` do?           | What does `cd` do?",
                "What is \"a tern\"?          | What is \"a wren\"?",
            })
    void otherNumbersQuotesAndNamesAreOtherRequests(String a, String b) {
        assertThat(of(a).key()).isNotEqualTo(of(b).key());
    }

    @Test
    void otherTurnsBeforeAreOtherRequests() {
        var last = ChatMessage.of("user", "And a hat?");
        var one = Nearness.of(List.of(ChatMessage.of("system", "Desks."), last));
        var other = Nearness.of(List.of(ChatMessage.of("system", "Prices."), last));
        assertThat(one.key()).isNotEqualTo(other.key());
    }

    private static Distance between(String a, String b) {
        assertThat(of(a).key()).isEqualTo(of(b).key());
        return of(a).to(of(b).words());
    }

    private static Nearness of(String request) {
        return Nearness.of(List.of(ChatMessage.of("user", request)));
    }
}
