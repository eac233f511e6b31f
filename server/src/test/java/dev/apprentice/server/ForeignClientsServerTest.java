package dev.apprentice.server;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.apprentice.server.GuardedServer.Guarded;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own packages for Python and npm, run as their users run them: each check that they make is a test. */
@Timeout(600)
@ExtendWith({SharedServer.class, GuardedServer.class})
final class ForeignClientsServerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final WireMockServer hop =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void failTwice(Apprentice apprentice) {
        hop.start();
        hop(Scenario.STARTED, "failed once", aResponse().withStatus(429).withHeader("Retry-After", "1"));
        hop("failed once", "well", aResponse().withStatus(503).withHeader("Retry-After-Ms", "1"));
        hop("well", "well", aResponse().proxiedFrom("http://127.0.0.1:" + apprentice.port()));
    }

    private void hop(String from, String to, ResponseDefinitionBuilder answer) {
        hop.stubFor(post(anyUrl())
                .inScenario("a hop that fails twice")
                .whenScenarioStateIs(from)
                .willReturn(answer)
                .willSetStateTo(to));
    }

    @AfterEach
    void close() {
        hop.stop();
    }

    @Tag("python")
    @Needs(Toolchain.PYTHON)
    @TestFactory
    List<DynamicTest> openAisPythonPackage(Toolchain.State.Ready python, Apprentice apprentice, Guarded guarded) {
        return checks(python, "openai_checks.py", apprentice, guarded);
    }

    @Tag("npm")
    @Needs(Toolchain.NPM)
    @TestFactory
    List<DynamicTest> openAisNpmPackage(Toolchain.State.Ready node, Apprentice apprentice, Guarded guarded) {
        return checks(node, "openai_checks.js", apprentice, guarded);
    }

    private List<DynamicTest> checks(
            Toolchain.State.Ready ready, String script, Apprentice apprentice, Guarded guarded) {
        var environment = new HashMap<>(Map.of("PYTHONUTF8", "1", "PYTHONDONTWRITEBYTECODE", "1"));
        environment.put("APPRENTICE_URL", "http://127.0.0.1:" + apprentice.port());
        environment.put(
                "APPRENTICE_GUARDED_URL",
                "http://127.0.0.1:" + guarded.apprentice().port());
        environment.put("APPRENTICE_HOP_URL", hop.baseUrl());
        environment.put("APPRENTICE_KEY", guarded.key());
        environment.put("APPRENTICE_CALLER", guarded.caller());
        environment.put("APPRENTICE_TEACHER_KEY", guarded.key("teach", 1000));
        environment.put("APPRENTICE_THRIFTY_KEY", guarded.key("ask", 1));
        var tests = Tap.tests(Child.run(
                List.of(ready.program(), ready.scripts().resolve(script).toString()),
                ready.scripts(),
                environment,
                PATIENCE));
        // failed twice and answered, refused and not asked again
        tests.add(DynamicTest.dynamicTest(
                "only what may be asked again was", () -> hop.verify(4, postRequestedFor(anyUrl()))));
        return tests;
    }
}
