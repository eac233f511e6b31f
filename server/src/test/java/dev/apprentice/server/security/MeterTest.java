package dev.apprentice.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.OverloadedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MeterTest {
    private final TestSeams time = new TestSeams();

    @Test
    void requestsBeyondTheLimitWaitUntilThereIsRoom() {
        var meter = Meter.of(new Limits(3, null), time);
        for (var i = 0; i < 3; i++) {
            meter.begin();
        }
        assertThat(meter.headers())
                .containsEntry("x-ratelimit-limit-requests", "3")
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-reset-requests", "1m0s");
        assertThatThrownBy(meter::begin)
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(20)))
                .hasMessageContaining("3 requests a minute");
        time.pass(Duration.ofSeconds(20));
        meter.begin();
        assertThatThrownBy(meter::begin).isInstanceOf(OverloadedException.class);
    }

    @Test
    void tokensAreCountedAfterwardsAndADebtIsEarnedBackFirst() {
        var meter = Meter.of(new Limits(null, 60), time);
        meter.begin();
        meter.charge(90); // 30 too many
        assertThat(meter.headers())
                .containsEntry("x-ratelimit-limit-tokens", "60")
                .containsEntry("x-ratelimit-remaining-tokens", "0")
                .containsEntry("x-ratelimit-reset-tokens", "1m30s");
        assertThatThrownBy(meter::begin)
                .isInstanceOfSatisfying(
                        OverloadedException.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(31)))
                .hasMessageContaining("60 tokens a minute");
        time.pass(Duration.ofSeconds(31));
        meter.begin();
    }

    @Test
    void aRequestRefusedForItsTokensIsNotCounted() {
        var meter = Meter.of(new Limits(10, 10), time);
        meter.charge(20);
        assertThatThrownBy(meter::begin).isInstanceOf(OverloadedException.class);
        assertThat(meter.headers()).containsEntry("x-ratelimit-remaining-requests", "10");
    }

    @Test
    void withoutLimitsNothingIsCountedOrTold() {
        Meter.FREE.charge(Long.MAX_VALUE);
        Meter.FREE.begin();
        assertThat(Meter.FREE.headers()).isEmpty();
    }

    @Test
    void spansAreWrittenAsClientsReadThem() {
        assertThat(Allowance.span(0)).isEqualTo("0ms");
        assertThat(Allowance.span(999)).isEqualTo("999ms");
        assertThat(Allowance.span(1500)).isEqualTo("1.500s");
        assertThat(Allowance.span(360_000)).isEqualTo("6m0s");
    }
}
