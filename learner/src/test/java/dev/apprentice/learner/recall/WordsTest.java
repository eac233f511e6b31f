package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void endingsJoinAndNumbersStayWhole() {
        assertThat(Words.of("Deliveries! 1234567, delivered")).isEqualTo(Set.of("deliv", "1234567"));
    }

    @Test
    void whatTheInstanceIsAlwaysToldCountsForNothing() {
        var messages = List.of(ChatMessage.of("system", "Be brief."), ChatMessage.of("user", "Where is it?"));

        assertThat(Words.of(messages)).containsExactlyInAnyOrder("where", "is", "it");
    }

    @Test
    void rareWordsWeighMoreAndSharedOnesNothing() {
        var weights = new WordWeights(
                List.of(Set.of("order", "cup"), Set.of("order", "lamp"), Set.of("order", "lamp")), List.of());
        var both = weights.weigh(Set.of("order", "cup"));

        assertThat(weights.of("order")).isLessThan(0.2);
        assertThat(weights.of("cup")).isGreaterThan(weights.of("lamp"));
        assertThat(both.overlap(weights.weigh(Set.of("cup", "order")))).isCloseTo(1, within(1e-9));
        assertThat(both.overlap(weights.weigh(Set.of("order", "lamp")))).isLessThan(0.2);
        assertThat(both.overlap(weights.weigh(Set.of("lamp")))).isZero();
        assertThat(weights.weigh(Set.of("cup")).overlap(both)).isEqualTo(both.overlap(weights.weigh(Set.of("cup"))));
        assertThat(both.coverage(Set.of("a", "cup"))).isGreaterThan(0.8);
        assertThat(both.rarest(Set.of("order", "cup"))).isEqualTo(weights.of("cup") / weights.of("sun"));
        assertThat(both.rarest(Set.of("lamp"))).isZero();
    }

    @Test
    void generalPromptsCountForAllTextsAndNotAmongTheLessons() {
        var lessons = List.of(Set.of("order", "cup"), Set.of("order", "lamp"));
        var alone = new WordWeights(lessons, List.of());
        var beside = new WordWeights(lessons, List.of(Set.of("cup", "moon"), Set.of("cup", "sun")));

        assertThat(beside.of("cup")).isLessThan(beside.of("lamp"));
        assertThat(beside.of("moon")).isLessThan(beside.of("never said"));
        assertThat(beside.weigh(Set.of("order", "cup")).squares())
                .isEqualTo(alone.weigh(Set.of("order", "cup")).squares());
    }

    @Test
    void wordsOfOneHashAreToldApart() {
        var weights = new WordWeights(List.of(Set.of("Aa", "tea")), List.of());

        assertThat("Aa").hasSameHashCodeAs("BB");
        assertThat(weights.weigh(Set.of("Aa", "x")).overlap(weights.weigh(Set.of("BB", "y"))))
                .isZero();
        assertThat(weights.weigh(Set.of("Aa", "BB")).overlap(weights.weigh(Set.of("BB"))))
                .isPositive();
    }
}
