package dev.apprentice.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.engine.Seams;
import dev.apprentice.server.Settings;
import dev.apprentice.server.security.Keys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys by the command line, with no server running. */
final class KeysCommandTest {
    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aKeyIsPrintedAloneAndOnce() throws IOException {
        assertThat(run("keys", "create", "--scope", "ask,teach", "--name", "shop", "--expires", "30d"))
                .isZero();
        var secret = out.toString().strip();
        assertThat(secret).matches("ak_[0-9a-f]{12}_[0-9a-f]{64}");
        assertThat(err.toString()).contains("shop", "not shown again").doesNotContain(secret);
        assertThat(run("keys", "list")).isZero();
        assertThat(out.toString().replaceFirst(secret, ""))
                .contains(secret.substring(0, 15), "good", "ask,teach", "shop", "all instances, until 20")
                .doesNotContain(secret);
        assertThat(Files.readString(home.resolve("data/audit.jsonl")))
                .contains("keys create", "\"who\":\"command line\"", "\"outcome\":\"done\"")
                .doesNotContain(secret);
    }

    @Test
    void aRevokedKeyIsShownAsOne() {
        assertThat(run("keys", "create", "--scope", "admin", "--instance", "a", "--instance", "base"))
                .isZero();
        var id = out.toString().substring(0, 15);
        assertThat(run("keys", "revoke", id)).isZero();
        assertThat(out.toString()).contains("revoked", "(a,base)");
        assertThat(run("keys", "revoke", "ak_nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no key 'ak_nothing'");
    }

    @Test
    void wrongWordsExitWithTwo() {
        assertThat(run("keys")).isEqualTo(2);
        assertThat(run("keys", "create")).isEqualTo(2);
        assertThat(run("keys", "create", "--scope", "everything")).isEqualTo(2);
        assertThat(run("keys", "create", "--scope", "ask", "--expires", "soon")).isEqualTo(2);
        assertThat(run("keys", "create", "--scope", "ask", "--instance", "No Such"))
                .isEqualTo(2);
        assertThat(run("keys", "create", "--scope", "ask", "--tokens-per-minute", "0"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("create, list or revoke is missing", "of ask, teach, admin, found 'everything'")
                .contains("a span such as 30d", "instances must be", "tokens_per_minute must be")
                .doesNotContain("Exception");
        assertThat(Keys.existIn(home.resolve("data"))).isFalse();
    }

    @Test
    void withAKeyTheServerMayListenAnywhere() {
        assertThat(run("keys", "create", "--scope", "ask")).isZero();
        var settings = Settings.read(null, environment(), Map.of("listen.host", "0.0.0.0"));
        assertThat(settings.listen().host()).isEqualTo("0.0.0.0");
    }

    private Map<String, String> environment() {
        return Map.of("APPRENTICE_HOME", home.toString());
    }

    private int run(String... words) {
        var around = new Surroundings(
                new PrintWriter(out, true), new PrintWriter(err, true), false, environment(), null, Seams.real());
        return Main.run(around, words);
    }
}
