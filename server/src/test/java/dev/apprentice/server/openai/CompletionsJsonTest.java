package dev.apprentice.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.SampledToken;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.ScriptedTold;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionsJsonTest {
    @Test
    void ofEachPromptTheLikeliestTokenForTokenAreGivenBestFirst() {
        List<Told> told = List.of(
                new ScriptedTold("cmpl-a", 0),
                new ScriptedTold("cmpl-a", 1),
                new ScriptedTold("cmpl-a", 2),
                new ScriptedTold("cmpl-b", 0),
                new ScriptedTold("cmpl-b", 1),
                new ScriptedTold("cmpl-b", 2));
        var wanted = new CompletionsRequest(
                List.of(), List.of(item("A:"), item("B:")), 2, 3, true, null, ChatRequest.Delivery.WHOLE);
        var json = new CompletionsJson(told, wanted, new LogprobsJson(_ -> "x".getBytes(StandardCharsets.UTF_8)))
                .whole(List.of(
                        ended("worst", -3),
                        ended("long", -1, -1, -1, -1), // less likely as a whole, more so token for token
                        ended("short", -2),
                        ended("first", -1),
                        ended("last", -9),
                        ended("second", -1, -2)));
        assertThat(json.get("choices"))
                .extracting(choice ->
                        choice.get("index").asInt() + " " + choice.get("text").asText() + " "
                                + choice.get("interaction").asText() + " "
                                + choice.get("choice").asInt())
                .containsExactly(
                        "0 A:long cmpl-a 1", "1 A:short cmpl-a 2", "2 B:first cmpl-b 0", "3 B:second cmpl-b 2");
        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(10);
        assertThat(json.at("/usage/completion_tokens").asInt()).isEqualTo(10);
    }

    @Test
    void offsetsOfSplitCharactersAreWhereTheCharacterIs() {
        var bytes = new byte[][] {{' ', 'a'}, {'b', (byte) 0xF0, (byte) 0x9F}, {(byte) 0x99, (byte) 0x82}, {'c'}};
        var wanted = new CompletionsRequest(
                List.of(),
                List.of(new TokenInput.Item("ab\uD83D\uDE42c", List.of(0, 1, 2, 3))),
                1,
                1,
                true,
                1,
                ChatRequest.Delivery.WHOLE);
        var scored = List.of(token(1), token(2), token(3));
        var completion = new Completion("c", List.of(token(3)), FinishReason.LENGTH, null, 4, 0, scored, null);
        var told = List.<Told>of(new ScriptedTold("cmpl-a", 0));

        var lists = new CompletionsJson(told, wanted, new LogprobsJson(id -> bytes[id]))
                .whole(List.of(new ToldEvent.Ended(Ending.LENGTH, null, "c", List.of(), completion)))
                .at("/choices/0/logprobs");

        // the space that the tokenizer put before the text is none of it
        assertThat(lists.get("text_offset")).extracting(JsonNode::asInt).containsExactly(0, 1, 2, 3, 4);
        assertThat(lists.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(lists.at("/top_logprobs/0").isNull()).isTrue();
        assertThat(lists.get("tokens"))
                .extracting(JsonNode::asText)
                .containsExactly(" a", "bytes:\\x62\\xf0\\x9f", "bytes:\\x99\\x82", "c", "c");
    }

    private static SampledToken token(int id) {
        return new SampledToken(id, -1, List.of());
    }

    private static TokenInput.Item item(String text) {
        return new TokenInput.Item(text, List.of(1));
    }

    private static ToldEvent.Ended ended(String text, double... logprobs) {
        var tokens = Arrays.stream(logprobs)
                .mapToObj(logprob -> new SampledToken(1, logprob, List.of()))
                .toList();
        var completion = new Completion(text, tokens, FinishReason.STOP, 5, 0);
        return new ToldEvent.Ended(Ending.STOP, null, text, List.of(), completion);
    }
}
