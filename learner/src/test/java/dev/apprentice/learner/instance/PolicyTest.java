package dev.apprentice.learner.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    @Test
    void everyFieldOfTheContractHasItsDefault() {
        assertThat(Policy.DEFAULT.fields())
                .containsExactly(
                        Map.entry("recall", true),
                        Map.entry("auto_promote", true),
                        Map.entry("canary_percent", 0),
                        Map.entry("shadow_percent", 0),
                        Map.entry("drift_budget_nats", 0.02),
                        Map.entry("help_below", 0.5),
                        Map.entry("min_lessons_to_study", 4),
                        new java.util.AbstractMap.SimpleEntry<String, @Nullable Object>("max_lessons_per_hour", null),
                        Map.entry("trust", Map.of()),
                        Map.entry("approval", "none"),
                        Map.entry("implicit", false),
                        Map.entry("match", "exact"),
                        Map.entry("store_messages", true),
                        Map.entry("rebuild_at", "03:00"));
    }

    @Test
    void changesTouchWhatTheyNameOnly() {
        var policy = Policy.DEFAULT.with(Map.of("match", "f1", "trust", Map.of("ann", 0.5), "help_below", 1));
        assertThat(policy.match()).isEqualTo(Match.F1);
        assertThat(policy.trustIn("ann")).isEqualTo(0.5);
        assertThat(policy.trustIn("bob")).isEqualTo(1);
        assertThat(policy.helpBelow()).isEqualTo(1);
        assertThat(policy.minLessonsToStudy()).isEqualTo(4);
        assertThat(Policy.DEFAULT.with(policy.fields())).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource({
        "canary_percent, 101",
        "canary_percent, -1",
        "shadow_percent, 101",
        "rebuild_at, 3",
        "help_below, 1.5",
        "min_lessons_to_study, 0",
        "max_lessons_per_hour, 0",
        "drift_budget_nats, 0",
    })
    void numbersOutOfRangeAreRefusedByName(String field, double value) {
        Object number = value == Math.rint(value) ? (Object) (int) value : (Object) value;
        assertThatThrownBy(() -> Policy.DEFAULT.with(Map.of(field, number)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("policy." + field));
    }

    @Test
    void wrongTypesAndUnknownFieldsAreRefusedByName() {
        refused("recall", "yes", "policy.recall");
        refused("recall", null, "policy.recall");
        refused("min_lessons_to_study", 2.5, "policy.min_lessons_to_study");
        refused("match", "EXACT", "policy.match");
        refused("approval", 1, "policy.approval");
        refused("trust", List.of(), "policy.trust");
        refused("trust", Map.of("ann", "much"), "policy.trust.ann");
        refused("trust", Map.of("ann", 1.1), "policy.trust.ann");
        refused("recal", true, "policy.recal");
    }

    private static void refused(String name, @Nullable Object value, String field) {
        var changes = new HashMap<String, @Nullable Object>();
        changes.put(name, value);
        assertThatThrownBy(() -> Policy.DEFAULT.with(changes))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }
}
