package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apprentice.server.GuardedServer.Guarded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * schemathesis against {@code /openapi}: whatever it makes of the description, good and bad, for every operation but
 * the endless one, is answered with a status, a type and a body that stand there, and with no fault of the server.
 */
@Timeout(3600)
@ExtendWith(GuardedServer.class)
final class SchemathesisServerTest {
    /** Beside the boundaries that it tries of every field; a nightly run asks for more. */
    private static final int EACH = Integer.getInteger("apprentice.schemathesis", 4);

    private static final Pattern TESTED = Pattern.compile("Tested: (\\d+)");

    @Tag("python")
    @Needs(Toolchain.PYTHON)
    @Test
    void everyAnswerIsAsDescribed(Toolchain.State.Ready python, Guarded guarded) {
        var url = "http://127.0.0.1:" + guarded.apprentice().port();
        var child = Child.run(
                List.of(
                        Path.of(python.program()).resolveSibling("schemathesis").toString(),
                        "run",
                        url + "/openapi",
                        "--header=Authorization: Bearer " + guarded.key(),
                        "--max-examples=" + EACH,
                        "--no-color"),
                python.scripts(),
                environment(python, guarded),
                Duration.ofMinutes(8).plusSeconds(20L * EACH));
        var described = new Described(
                guarded.calls().get("/openapi", "x-api-key", guarded.key()).body());
        assertThat(child.isGood()).as("%s", child.output()).isTrue();
        assertThat(TESTED.matcher(child.output()).results().map(it -> it.group(1)))
                .as("%s", child.output())
                .containsExactly(
                        Integer.toString(described.operations().size() - 2)); // nor where it found the description
    }

    /** Things that the hooks lead requests to. */
    private static Map<String, String> environment(Toolchain.State.Ready python, Guarded guarded) {
        guarded.send("/v1/instances", "{\"id\":\"subject\",\"policy\":{\"min_lessons_to_study\":100000}}", 201);
        var lesson = guarded.send(
                "/v1/feedback",
                Calls.example("subject", "Which desk?", "Mossgate").toString(),
                202);
        var chat = Calls.chat("subject", "Which floor?").put("max_tokens", 1).toString();
        var interaction = guarded.send("/v1/chat/completions", chat, 200);
        var response =
                guarded.send("/v1/responses", "{\"model\":\"subject\",\"input\":\"Hi\",\"max_output_tokens\":16}", 200);
        var adapter = RandomAdapter.zip(guarded.apprentice().engine().base().config(), 7);
        assertThat(guarded.calls()
                        .postBytes(
                                "/v1/instances/subject/checkpoints",
                                adapter,
                                "application/zip",
                                "x-api-key",
                                guarded.key())
                        .status())
                .isEqualTo(201);
        var environment = new HashMap<>(Map.of("PYTHONUTF8", "1", "PYTHONDONTWRITEBYTECODE", "1"));
        environment.put("PYTHONPATH", python.scripts().toString()); // where the hooks are
        environment.put("APPRENTICE_INSTANCE", "subject");
        environment.put("APPRENTICE_MODEL", "base");
        environment.put("APPRENTICE_LESSON", lesson.text("/id"));
        environment.put("APPRENTICE_INTERACTION", interaction.text("/id"));
        environment.put("APPRENTICE_RESPONSE", response.text("/id"));
        return environment;
    }
}
