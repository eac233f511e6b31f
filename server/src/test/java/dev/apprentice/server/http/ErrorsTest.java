package dev.apprentice.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.OverloadedException;
import dev.apprentice.engine.UnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ErrorsTest {

    @Test
    void openAiPathsGetOpenAisShape() {
        var error = new InvalidRequestException("invalid_value", "n must be 1", Fault.of("n", "1", "2"));
        var body = ErrorShape.at("/v1/chat/completions").body(Refusal.of(error), "req_1");
        assertThat(body.toString())
                .isEqualTo("{\"error\":{\"message\":\"n must be 1\",\"type\":\"invalid_request_error\",\"param\":\"n\","
                        + "\"code\":\"invalid_value\"}}");
    }

    @Test
    void otherPathsGetAProblemDocument() {
        var error = new InvalidRequestException("invalid_value", "n must be 1", Fault.of("n", "1", "2"));
        var body = ErrorShape.at("/v1/feedback").body(Refusal.of(error), "req_1");
        assertThat(body.toString())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"n must be 1\","
                                + "\"code\":\"invalid_value\",\"field\":\"n\",\"expected\":\"1\",\"found\":\"2\","
                                + "\"request_id\":\"req_1\"}");
    }

    @Test
    void theMessagesPathGetsAnthropicsShape() {
        var body = ErrorShape.at("/v1/messages").body(Refusal.of(501, "not_built", "later"), "req_1");
        assertThat(body.at("/error/type").asText()).isEqualTo("api_error");
        assertThat(body.at("/type").asText()).isEqualTo("error");
    }

    @Test
    void clientsAreToldWhetherAndWhenToTryAgain() {
        assertThat(Refusal.of(new ConflictException("busy", "busy", Fault.NONE)).headers())
                .containsEntry("X-Should-Retry", "false");
        assertThat(Refusal.of(new OverloadedException("full", "full", Duration.ofMillis(1200)))
                        .headers())
                .containsEntry("Retry-After", "2");
        assertThat(Refusal.of(new UnavailableException("draining", "draining", Fault.NONE))
                        .headers())
                .containsKey("Retry-After");
    }

    @Test
    void aFaultOfOursTellsNoDetails() {
        var refusal = Errors.refusal(new IllegalStateException("secret path /etc"), "req_7");
        assertThat(refusal.status()).isEqualTo(500);
        assertThat(refusal.message()).doesNotContain("secret").contains("req_7");
    }
}
