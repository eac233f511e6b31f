package dev.apprentice.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path data;

    private final TestSeams time = new TestSeams();

    @Test
    void aKeyHas256BitsAndIsFoundAgain() {
        var keys = open();
        var issued = keys.create(draft(null));
        assertThat(issued.secret())
                .matches("ak_[0-9a-f]{12}_[0-9a-f]{64}")
                .startsWith(issued.key().id());
        assertThat(keys.find(issued.secret())).contains(issued.key());
        assertThat(keys.create(draft(null)).secret()).isNotEqualTo(issued.secret());
    }

    @Test
    void theFileHoldsNoKeyAndIsItsOwnersAlone() throws IOException {
        var secret = open().create(draft(null)).secret();
        var file = data.resolve("keys.json");
        assertThat(Files.readString(file))
                .contains(Key.hash(secret))
                .doesNotContain(secret, secret.substring(Key.ID_LENGTH + 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(data.toFile().list()).containsExactlyInAnyOrder("keys.json", "keys.lock");
    }

    @Test
    void nothingButTheKeyItselfIsTheKey() {
        var keys = open();
        var secret = keys.create(draft(null)).secret();
        var last = secret.endsWith("0") ? "1" : "0";
        assertThat(keys.find(secret.substring(0, secret.length() - 1) + last)).isEmpty();
        assertThat(keys.find(secret + "0")).isEmpty();
        assertThat(keys.find(secret.substring(0, Key.ID_LENGTH))).isEmpty();
        assertThat(keys.find(secret.toUpperCase(java.util.Locale.ROOT))).isEmpty();
        assertThat(keys.find("")).isEmpty();
    }

    @Test
    void anExpiredKeyIsGoodNoMore() {
        var keys = open();
        var secret = keys.create(draft(Duration.ofDays(30))).secret();
        time.pass(Duration.ofDays(30).minusMillis(1));
        assertThat(keys.find(secret)).isPresent();
        time.pass(Duration.ofMillis(1));
        assertThat(keys.find(secret)).isEmpty();
    }

    @Test
    void whatAnotherProcessDoesIsSeenWithinASecond() {
        var server = open();
        assertThat(server.exist()).isFalse();
        var commandLine = open();
        var issued = commandLine.create(draft(null));
        time.pass(SECOND);
        assertThat(server.exist()).isTrue();
        assertThat(server.find(issued.secret())).isPresent();
        commandLine.revoke(issued.key().id());
        time.pass(SECOND);
        assertThat(server.find(issued.secret())).isEmpty();
    }

    @Test
    void aServerThatHasSeenAKeyNeverServesWithoutOneAgain() throws IOException {
        var server = open();
        var issued = server.create(draft(null));
        server.revoke(issued.key().id());
        assertThat(server.exist()).isTrue();
        Files.delete(data.resolve("keys.json"));
        time.pass(SECOND);
        assertThat(server.exist()).isTrue();
        Files.writeString(data.resolve("keys.json"), "{\"version\":1,\"keys\":[]}");
        time.pass(SECOND);
        assertThat(server.exist()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"version\":2,\"keys\":[]}", "{\"version\":1,\"keys\":[{\"id\":\"ak_1\"}]}"})
    void aDamagedFileOpensNothing(String content) throws IOException {
        Files.writeString(data.resolve("keys.json"), content);
        assertThat(Keys.existIn(data)).isTrue();
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        FailedException.class, e -> assertThat(e.code()).isEqualTo("keys_unusable"));
    }

    @Test
    void damageWhileTheServerRunsChangesNothing() throws IOException {
        var server = open();
        var secret = server.create(draft(null)).secret();
        Files.writeString(data.resolve("keys.json"), "{");
        time.pass(SECOND);
        assertThat(server.find(secret)).isPresent();
    }

    @Test
    void aKeyThatIsNotThereCannotBeRevoked() {
        var keys = open();
        assertThatThrownBy(() -> keys.revoke("ak_nothing"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("ak_nothing");
    }

    @Test
    void aRevokedKeyKeepsTheTimeOfItsRevocation() {
        var keys = open();
        var id = keys.create(draft(null)).key().id();
        var revoked = keys.revoke(id).revoked();
        time.pass(SECOND);
        assertThat(keys.revoke(id).revoked()).isEqualTo(revoked);
    }

    @Test
    void whatIsKeptComesBackWhole() {
        var draft = new KeyDraft(
                "shop", Set.of(Scope.ASK, Scope.TEACH), Set.of("support", "base"), SECOND, new Limits(5, null));
        var key = open().create(draft).key();
        assertThat(open().list()).containsExactly(key);
    }

    @Test
    void aDraftNamesWhatIsWrong() {
        assertThatThrownBy(() -> new KeyDraft(null, Set.of(), null, null, Limits.NONE))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("scopes must be one or more of ask, teach, admin");
        assertThatThrownBy(() -> new KeyDraft("a\nb", Set.of(Scope.ASK), null, null, Limits.NONE))
                .hasMessageContaining("name must be");
        assertThatThrownBy(() -> new KeyDraft(null, Set.of(Scope.ASK), Set.of("Not An Id"), null, Limits.NONE))
                .hasMessageContaining("instances must be");
        assertThatThrownBy(() -> new Limits(0, null)).hasMessageContaining("requests_per_minute must be");
    }

    private Keys open() {
        return Keys.open(data, time.seams());
    }

    private static KeyDraft draft(@Nullable Duration life) {
        return new KeyDraft("tester", Set.of(Scope.ASK), null, life, Limits.NONE);
    }
}
