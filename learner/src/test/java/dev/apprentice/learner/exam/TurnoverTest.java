package dev.apprentice.learner.exam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.learner.store.Columns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnoverTest {
    @Test
    void whatWasRightOnceAndIsWrongNowIsLostUntilItIsMended() {
        var first = report(Map.of("a", true, "b", true, "c", false), List.of());
        var second = report(Map.of("a", false, "b", false), List.of("a", "b"));
        var third = report(Map.of("b", true), List.of());
        var rejected = report(Map.of("d", false), List.of("d"));

        var turnover = Turnover.of(List.of(first, rejected, second, third), List.of(first, second, third));

        assertThat(turnover.lost()).containsExactly("a"); // b is mended, c was never right
        assertThat(turnover.everLost()).containsExactlyInAnyOrder("a", "b", "d");
    }

    @Test
    void withoutExamsNothingIsLost() {
        assertThat(Turnover.of(List.of(), List.of())).isEqualTo(Turnover.NONE);
    }

    private static JsonNode report(Map<String, Boolean> passes, List<String> lost) {
        return Columns.tree(Map.of("passes", passes, "lost", lost));
    }
}
