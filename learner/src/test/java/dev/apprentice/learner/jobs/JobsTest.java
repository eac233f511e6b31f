package dev.apprentice.learner.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class JobsTest {
    @Test
    void theClerkKnowsSixDesksByFourLessonsEach() throws IOException {
        var job = job("clerk");

        assertThat(items(job, "taught").map(item -> item.get("answer").asText()).toList())
                .hasSize(24)
                .allSatisfy(answer -> assertThat(items(job, "taught")
                                .filter(i -> i.get("answer").asText().equals(answer)))
                        .hasSize(4));
        assertThat(items(job, "unseen")).hasSize(60);
    }

    @Test
    void ordersAreWrittenInTheHousesFormat() throws IOException {
        assertThat(Stream.of("taught", "unseen").flatMap(part -> items(orders(), part)))
                .hasSize(84)
                .allSatisfy(item -> {
                    var number = item.get("message").asText().replaceAll("\\D", "");
                    assertThat(item.get("answer").asText())
                            .isEqualTo(number.substring(0, 2) + "/" + number.substring(2) + "-K");
                });
    }

    @Test
    void nothingUnseenIsTaught() throws IOException {
        for (var name : new String[] {"clerk", "orders"}) {
            var messages = new HashSet<String>();
            items(job(name), "taught")
                    .forEach(item -> messages.add(item.get("message").asText()));
            assertThat(items(job(name), "unseen")
                            .map(item -> item.get("message").asText()))
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(messages);
        }
    }

    private static JsonNode orders() {
        try {
            return job("orders");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode job(String name) throws IOException {
        try (var in = JobsTest.class.getResourceAsStream(name + ".json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static Stream<JsonNode> items(JsonNode job, String part) {
        return StreamSupport.stream(job.get(part).spliterator(), false);
    }
}
