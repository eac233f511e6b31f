package dev.apprentice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one set of weights has read of a prompt is of no use to another, though the tokens are the same (CASES C02). */
@Timeout(300)
@ExtendWith(SharedServer.class)
final class WeightsServerTest {
    private static final String LONG =
            "The first desk reads letters, the second desk answers calls, the third desk keeps the files. ".repeat(8)
                    + "Now forget the desks, and tell me about the moon.";

    /** docs/engine.md: equal means equal greedy text and log-probabilities within this. */
    private static final double EQUAL = 1e-3;

    @Test
    void everyAnswerEqualsTheOneOfWeightsThatHaveReadNothing(Calls calls, Apprentice apprentice) {
        learnt(calls, apprentice, "c02-a", 21);
        learnt(calls, apprentice, "c02-a-cold", 21);
        learnt(calls, apprentice, "c02-b", 22);
        learnt(calls, apprentice, "c02-b-cold", 22);
        var coldA = ask(calls, "c02-a-cold");
        var coldB = ask(calls, "c02-b-cold");
        assertThat(said(coldA)).as("the adapters differ").isNotEqualTo(said(coldB));

        var a = ask(calls, "c02-a");
        var b = ask(calls, "c02-b");
        var base = ask(calls, "base");
        var pinned = ask(calls, "c02-a@1");
        var again = ask(calls, "c02-a");

        for (var first : new JsonNode[] {coldA, coldB, a, b, base}) {
            assertThat(taken(first))
                    .as("%s has read nothing", first.get("model"))
                    .isZero();
        }
        assertThat(taken(again)).as("these very weights have").isPositive();
        equal(a, coldA);
        equal(pinned, coldA);
        equal(again, coldA);
        equal(b, coldB);
        assertThat(said(base)).isNotIn(said(a), said(b));
    }

    private static void learnt(Calls calls, Apprentice apprentice, String instance, long seed) {
        calls.create(instance);
        var zip = RandomAdapter.zip(apprentice.engine().base().config(), seed);
        assertThat(calls.upload("/v1/instances/" + instance + "/checkpoints", zip)
                        .status())
                .isEqualTo(201);
        assertThat(calls.post("/v1/instances/" + instance + "/checkpoints/1/promote", "{}")
                        .status())
                .isEqualTo(200);
    }

    private static JsonNode ask(Calls calls, String model) {
        ObjectNode body = Calls.chat(model, LONG).put("max_tokens", 12).put("logprobs", true);
        body.putObject("apprentice").put("recall", false).put("adapter", "always");
        var reply = calls.ask(body);
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply.body();
    }

    private static String said(JsonNode answer) {
        return answer.at("/choices/0/message/content").asText();
    }

    private static int taken(JsonNode answer) {
        return answer.at("/usage/prompt_tokens_details/cached_tokens").asInt();
    }

    private static void equal(JsonNode found, JsonNode cold) {
        assertThat(said(found)).isEqualTo(said(cold));
        var expected = cold.at("/choices/0/logprobs/content");
        var logprobs = found.at("/choices/0/logprobs/content");
        assertThat(logprobs).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(logprobs.get(i).get("logprob").asDouble())
                    .isCloseTo(expected.get(i).get("logprob").asDouble(), within(EQUAL));
        }
    }
}
