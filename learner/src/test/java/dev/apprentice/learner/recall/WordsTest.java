package dev.apprentice.learner.recall;

import static org.assertj.core.api.Assertions.assertThat;

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
        var weights =
                new WordWeights(List.of(Set.of("order", "cup"), Set.of("order", "lamp"), Set.of("order", "lamp")));

        assertThat(weights.of("order")).isLessThan(0.2);
        assertThat(weights.of("cup")).isGreaterThan(weights.of("lamp"));
        assertThat(weights.bag(Set.of("order", "cup")).overlap(weights.bag(Set.of("cup", "order"))))
                .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(weights.bag(Set.of("cup")).overlap(weights.bag(Set.of("lamp"))))
                .isZero();
        var weighed = WeighedWords.of(Set.of("order", "cup"), weights);
        assertThat(weighed.coverage(Set.of("a", "cup"))).isGreaterThan(0.8);
        assertThat(weighed.rarest(Set.of("order", "cup"))).isEqualTo(weights.of("cup") / weights.most());
        assertThat(weighed.rarest(Set.of("lamp"))).isZero();
    }
}
