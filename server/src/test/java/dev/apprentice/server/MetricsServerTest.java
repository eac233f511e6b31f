package dev.apprentice.server;

import static dev.apprentice.server.Calls.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of metrics tells what happened, within bounds. */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class MetricsServerTest {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (counter|gauge|histogram)");

    @Test
    void tokensAgreeWithUsage(Calls calls) {
        calls.create("metered");
        JsonNode usage = calls.ask(chat("metered", "Count to three.")).body().at("/usage");
        var page = page(calls);
        assertThat(value(page, "apprentice_input_tokens_total{instance=\"metered\"}"))
                .isEqualTo(usage.at("/prompt_tokens").asDouble());
        // the token that ends a turn is in usage and is no token of the text
        assertThat(usage.at("/completion_tokens").asDouble()
                        - value(page, "apprentice_output_tokens_total{instance=\"metered\"}"))
                .isBetween(0.0, 1.0);
        while (value(page, "apprentice_running_sequences") + value(page, "apprentice_queue_length") > 0) {
            page = page(calls); // an answer is with its client a moment before its place is free
        }
    }

    @Test
    void everyFamilyHasOneTypeAndEverySampleAFamily(Calls calls) {
        var page = page(calls);
        var families = new ArrayList<String>();
        TYPE.matcher(page).results().forEach(found -> families.add(found.group(1)));
        assertThat(families)
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("apprentice_") || name.startsWith("gen_ai_"));
        assertThat(page.lines().filter(line -> !line.startsWith("#") && !line.isBlank()))
                .allSatisfy(line -> assertThat(families).anyMatch(line::startsWith));
    }

    @Test
    void requestsAreCountedByRouteAndStatusWithoutTheirIds(Calls calls) {
        calls.get("/v1/instances/nobody-of-metrics");
        calls.get("/no/such/path-of-metrics");
        var page = page(calls);
        assertThat(page)
                .contains("apprentice_http_requests_total{method=\"GET\",route=\"/v1/instances/{id}\",status=\"404\"}")
                .contains("apprentice_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}")
                .doesNotContain("of-metrics");
        assertThat(value(page, "apprentice_http_requests_in_flight")).isEqualTo(1); // this one
    }

    @Test
    void gaugesGoBackToZeroAfterAnswersThatAreGivenUp(Calls calls) throws IOException {
        for (int i = 0; i < 12; i++) {
            calls.open(chat("base", "Tell a long story.").put("max_tokens", 400).put("stream", true))
                    .close();
        }
        String page;
        do {
            page = page(calls);
        } while (value(page, "apprentice_running_sequences") + value(page, "apprentice_queue_length") > 0
                || value(page, "apprentice_http_requests_in_flight") > 1);
        assertThat(value(page, "apprentice_answers_total{ending=\"given_up\",instance=\"base\"}"))
                .isGreaterThanOrEqualTo(12);
    }

    @Test
    void aDeletedInstanceLeavesThePage(Calls calls) {
        calls.create("leaving");
        calls.ask(chat("leaving", "hi"));
        assertThat(page(calls)).contains("instance=\"leaving\"");
        calls.delete("/v1/instances/leaving");
        assertThat(page(calls)).doesNotContain("leaving");
    }

    @Test
    void madeUpModelsMakeNoSeries(Calls calls) {
        for (int i = 0; i < 50; i++) {
            calls.ask(chat("invented-" + i, "hi"));
        }
        assertThat(page(calls)).doesNotContain("invented-");
    }

    private static String page(Calls calls) {
        var reply = calls.raw("/metrics");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type").orElse("")).startsWith("text/plain; version=0.0.4");
        return reply.body();
    }

    private static double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + series + " in\n" + page));
    }
}
