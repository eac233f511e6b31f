package dev.apprentice.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A server that says what a test tells it to, and a client whose waits are written down instead of waited. */
final class Played implements AutoCloseable {
    static final String ASK = "/v1/chat/completions";

    static final String ANSWER = """
            {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "support",
             "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                          "message": {"role": "assistant", "content": "Desk Heron", "refusal": null}}],
             "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10,
                       "prompt_tokens_details": {"cached_tokens": 4}},
             "apprentice": {"instance": "support", "checkpoint": 12, "familiar": true, "confidence": null,
                            "needs_help": false, "recalled": ["les_1"], "episode": null}}""";

    /** When it is, for HTTP dates. */
    static final Instant NOW = Seamed.NOW;

    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final Seamed seams = new Seamed();

    Played() {
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** What the client waited between tries. */
    List<Duration> waits() {
        return seams.waits();
    }

    /** A client with 3 tries, whose chance is always 1: each wait is the longest possible. */
    ClientBuilder client() {
        return seamed(ApprenticeClient.http(url()));
    }

    ClientBuilder seamed(ClientBuilder builder) {
        return builder.seams(seams);
    }

    void says(MappingBuilder when, ResponseDefinitionBuilder what) {
        server.stubFor(when.willReturn(what));
    }

    /** Says each of {@code answers} once, in this order, to whatever it is asked; the last one again and again. */
    void saysInTurn(ResponseDefinitionBuilder... answers) {
        var state = Scenario.STARTED;
        for (int i = 0; i < answers.length; i++) {
            var last = i == answers.length - 1;
            var next = last ? state : "said " + i;
            server.stubFor(any(anyUrl())
                    .inScenario("turns")
                    .whenScenarioStateIs(state)
                    .willSetStateTo(next)
                    .willReturn(answers[i]));
            state = next;
        }
    }

    void answers(ResponseDefinitionBuilder what) {
        says(post(ASK), what);
    }

    static ResponseDefinitionBuilder json(String body) {
        return json(200, body);
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body);
    }

    static ResponseDefinitionBuilder problem(int status, String code) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/problem+json")
                .withBody("{\"status\":" + status + ",\"code\":\"" + code + "\",\"detail\":\"said " + code + "\"}");
    }

    static ResponseDefinitionBuilder events(String... lines) {
        return aResponse()
                .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                .withBody(String.join("\n", lines) + "\n");
    }

    /** All requests, oldest first. */
    List<LoggedRequest> heard() {
        var events = new ArrayList<>(server.getAllServeEvents());
        Collections.reverse(events);
        return events.stream().map(event -> event.getRequest()).toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
