package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.error.ApprenticeException;
import dev.apprentice.client.error.RateLimitedException;
import dev.apprentice.client.error.ServerFaultException;
import dev.apprentice.client.error.UnavailableException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, when, and what never is. */
@Timeout(60)
final class RetryTest {
    private static final AskRequest QUESTION = AskRequest.of("support", "Where?");

    private final Played server = new Played();
    private final ApprenticeClient client = server.client().build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void anAskIsTriedAgainWhereTheServerDidNothing(int status) {
        server.saysInTurn(Played.problem(status, "busy"), Played.problem(status, "busy"), Played.json(Played.ANSWER));
        assertThat(client.ask(QUESTION).text()).isEqualTo("Desk Heron");
        // chance is 1: the whole back-off, which doubles
        assertThat(server.waits()).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 422, 500, 501, 502, 504})
    void anAskIsNotTriedAgainAfterAnythingElse(int status) {
        server.saysInTurn(Played.problem(status, "no"), Played.json(Played.ANSWER));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        ApprenticeException.class, e -> assertThat(e.status()).isEqualTo(status));
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void aStreamIsOpenedAgainLikeAnAsk() {
        server.saysInTurn(Played.problem(503, "draining"), Played.events("data: [DONE]", ""));
        try (var chunks = client.stream(QUESTION)) {
            assertThat(chunks.iterator().hasNext()).isFalse();
        }
        assertThat(server.waits()).hasSize(1);
    }

    @Test
    void secondsInRetryAfterAreWaited() {
        server.saysInTurn(Played.problem(429, "busy").withHeader("Retry-After", "7"), Played.json(Played.ANSWER));
        client.ask(QUESTION);
        // 7 s, and a tenth of our own back-off so that not all come at once
        assertThat(server.waits()).containsExactly(Duration.ofMillis(7050));
    }

    @Test
    void aDateInRetryAfterIsWaitedFor() {
        var at = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Played.NOW.plusSeconds(9).atOffset(ZoneOffset.UTC));
        server.saysInTurn(Played.problem(503, "draining").withHeader("Retry-After", at), Played.json(Played.ANSWER));
        client.ask(QUESTION);
        assertThat(server.waits()).containsExactly(Duration.ofMillis(9050));
    }

    @Test
    void aWaitLongerThanAllowedIsNotBegun() {
        server.answers(Played.problem(429, "busy").withHeader("Retry-After", "3600"));
        assertThatThrownBy(() -> client.ask(QUESTION))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        e -> assertThat(e.retryAfter()).contains(Duration.ofHours(1)));
        assertThat(server.waits()).isEmpty();
    }

    @Test
    void aWaitBeyondTheDeadlineIsNotBegun() {
        server.answers(Played.problem(503, "draining").withHeader("Retry-After", "5"));
        assertThatThrownBy(() -> client.withTimeout(Duration.ofSeconds(4)).ask(QUESTION))
                .isInstanceOf(UnavailableException.class);
        assertThat(server.waits()).isEmpty();
    }

    @Test
    void shouldRetryFalseIsObeyed() {
        server.saysInTurn(
                Played.problem(503, "draining").withHeader("X-Should-Retry", "false"), Played.json(Played.ANSWER));
        assertThatThrownBy(() -> client.ask(QUESTION)).isInstanceOf(UnavailableException.class);
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void shouldRetryTrueDoesNotMakeAnAskSafe() {
        server.saysInTurn(
                Played.problem(500, "internal").withHeader("X-Should-Retry", "true"), Played.json(Played.ANSWER));
        assertThatThrownBy(() -> client.ask(QUESTION)).isInstanceOf(ServerFaultException.class);
    }

    @Test
    void readingIsTriedAgainAfterAFaultOfTheServer() {
        server.saysInTurn(Played.problem(502, "gateway"), Played.json("{\"id\":\"a\",\"policy\":{}}"));
        assertThat(client.instances().get("a").id()).isEqualTo("a");
    }

    @Test
    void creatingAndRollingBackAreNot() {
        server.saysInTurn(Played.problem(502, "gateway"), Played.json(201, "{\"id\":\"a\"}"));
        assertThatThrownBy(() -> client.instances().create(InstanceDraft.of("a")))
                .isInstanceOf(ServerFaultException.class);
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void theLastErrorIsTheOneThatIsThrown() {
        server.answers(Played.problem(429, "busy"));
        assertThatThrownBy(() -> client.ask(QUESTION)).isInstanceOf(RateLimitedException.class);
        assertThat(server.heard()).hasSize(3);
        assertThat(server.waits()).hasSize(2);
    }

    @Test
    void withoutRetriesThereIsOneTry() {
        server.answers(Played.problem(429, "busy"));
        assertThatThrownBy(() -> client.withRetries(RetryPolicy.none()).ask(QUESTION))
                .isInstanceOf(RateLimitedException.class);
        assertThat(server.heard()).hasSize(1);
    }

    @Test
    void theBackOffDoublesToItsLimitAndChanceTakesAtMostHalf() {
        var policy = RetryPolicy.builder()
                .firstDelay(Duration.ofMillis(100))
                .delayMax(Duration.ofMillis(500))
                .build();
        assertThat(policy.delay(1, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(policy.delay(3, 1)).isEqualTo(Duration.ofMillis(400));
        assertThat(policy.delay(4, 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(policy.delay(1_000_000, 0)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aKeyIsAskedForBeforeEachTryAndNeverTold() {
        server.saysInTurn(Played.problem(429, "busy"), aResponse().withStatus(401));
        var keys = new ArrayDeque<>(List.of("ak_old", "ak_new"));
        try (var keyed = server.client().token(keys::remove).build()) {
            assertThatThrownBy(() -> keyed.ask(QUESTION)).hasMessageNotContaining("ak_");
        }
        assertThat(server.heard())
                .extracting(request -> request.getHeader("Authorization"))
                .containsExactly("Bearer ak_old", "Bearer ak_new");
        assertThatThrownBy(() ->
                        client.withToken(TokenProvider.of("ak_secret\r\nx: y")).ask(QUESTION))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("secret");
    }
}
