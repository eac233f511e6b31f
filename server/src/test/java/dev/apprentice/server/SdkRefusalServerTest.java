package dev.apprentice.server;

import static dev.apprentice.server.SdkWay.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.apprentice.client.error.InvalidRequestException;
import dev.apprentice.client.error.NotFoundException;
import dev.apprentice.client.error.UnprocessableException;
import dev.apprentice.client.teaching.Rating;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the real server refuses is the same exception, with the same words, over HTTP and over gRPC. */
@Timeout(120)
@ExtendWith(SharedServer.class)
final class SdkRefusalServerTest {
    @ParameterizedTest
    @EnumSource(SdkWay.class)
    void aWrongRequestIsNamed(SdkWay way, Apprentice apprentice) {
        try (var client = way.to(apprentice.port()).build()) {
            var unknown = catchThrowableOfType(NotFoundException.class, () -> client.ask(ask("nobody")));
            assertThat(unknown.code()).isEqualTo("model_not_found");
            assertThat(unknown.field()).contains("model");
            assertThatThrownBy(() -> client.stream(ask("nobody"))).isInstanceOf(NotFoundException.class);
            var hot = ask("base").toBuilder().temperature(7).build();
            var wrong = catchThrowableOfType(InvalidRequestException.class, () -> client.ask(hot));
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.code()).isEqualTo("invalid_value");
            assertThat(wrong.field()).contains("temperature");
            assertThat(wrong.getMessage()).contains("temperature");

            assertThatThrownBy(() -> client.rate("chatcmpl-unknown", Rating.UP)).isInstanceOf(NotFoundException.class);
            var answer = client.ask(ask("base"));
            assertThatThrownBy(() -> client.correct(answer.id(), "Desk Heron"))
                    .isInstanceOf(UnprocessableException.class);
            assertThatThrownBy(() -> client.instances().get("a/b")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> client.lessons().get("les_unknown")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> client.checkpoints("nobody").rollback()).isInstanceOf(NotFoundException.class);
        }
    }
}
