package dev.apprentice.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

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
        var wanted =
                new CompletionsRequest(List.of(), List.of("A:", "B:"), 2, 3, true, null, ChatRequest.Delivery.WHOLE);
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

    private static ToldEvent.Ended ended(String text, double... logprobs) {
        var tokens = Arrays.stream(logprobs)
                .mapToObj(logprob -> new SampledToken(1, logprob, List.of()))
                .toList();
        var completion = new Completion(text, tokens, FinishReason.STOP, 5, 0);
        return new ToldEvent.Ended(Ending.STOP, null, text, List.of(), completion);
    }
}
