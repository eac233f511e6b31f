package dev.apprentice.server;

import static dev.apprentice.server.SdkWay.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.client.RetryPolicy;
import dev.apprentice.client.error.ForbiddenException;
import dev.apprentice.client.error.RateLimitedException;
import dev.apprentice.client.error.UnauthenticatedException;
import dev.apprentice.engine.Seams;
import dev.apprentice.server.security.KeyDraft;
import dev.apprentice.server.security.Keys;
import dev.apprentice.server.security.Limits;
import dev.apprentice.server.security.Scope;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our own client with keys, over HTTP and over gRPC. */
@Timeout(120)
final class SdkKeysServerTest {
    @Test
    void aKeyOpensWhatItIsFor(@TempDir Path data) {
        var keys = Keys.open(data, Seams.real());
        var ask = key(keys, Limits.NONE, Scope.ASK);
        try (var apprentice = RealModel.open(data, Map.of())) {
            for (var way : SdkWay.values()) {
                try (var nobody = way.to(apprentice.port()).build();
                        var wrong = way.to(apprentice.port()).token("ak_wrong").build();
                        var asker = way.to(apprentice.port()).token(ask).build();
                        var spent = way.to(apprentice.port())
                                .token(key(keys, new Limits(1, null), Scope.ASK))
                                .retries(RetryPolicy.none())
                                .build()) {
                    assertThatThrownBy(() -> nobody.ask(ask("base"))).isInstanceOf(UnauthenticatedException.class);
                    assertThatThrownBy(() -> wrong.stream(ask("base"))).isInstanceOf(UnauthenticatedException.class);
                    assertThat(asker.ask(ask("base")).text()).isNotEmpty();
                    assertThatThrownBy(() -> asker.teach("apprentice", "Which desk?", "Desk Heron"))
                            .isInstanceOf(ForbiddenException.class);
                    assertThatThrownBy(() -> asker.instances().all()).isInstanceOf(ForbiddenException.class);
                    spent.ask(ask("base"));
                    assertThatThrownBy(() -> spent.ask(ask("base")))
                            .isInstanceOfSatisfying(
                                    RateLimitedException.class,
                                    e -> assertThat(e.retryAfter()).isPresent());
                }
            }
        }
    }

    private static String key(Keys keys, Limits limits, Scope... scopes) {
        return keys.create(new KeyDraft("sdk", Set.of(scopes), null, null, limits))
                .secret();
    }
}
