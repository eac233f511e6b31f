package dev.apprentice.server.openai;

import dev.apprentice.server.asking.Asking;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to go on from texts, checked.
 *
 * @param askings one for each prompt
 * @param prompts what each goes on from
 * @param choices how many answers each has
 * @param made how many are made for each, of which the best ones are its answers
 * @param echo whether the prompt stands before its answer
 * @param logprobs how many alternatives are told for each token, or null for no log-probabilities at all
 * @param delivery how the answer is sent
 */
record CompletionsRequest(
        List<Asking> askings,
        List<TokenInput.Item> prompts,
        int choices,
        int made,
        boolean echo,
        @Nullable Integer logprobs,
        ChatRequest.Delivery delivery) {
    CompletionsRequest {
        askings = List.copyOf(askings);
        prompts = List.copyOf(prompts);
    }

    /** What stands before the choice {@code index}. */
    String before(int index) {
        return echo ? prompts.get(index / choices).text() : "";
    }

    /** Whether log-probabilities cover what stands before a choice too. */
    boolean scored() {
        return echo && logprobs != null;
    }

    /** The first token of the prompt of choice {@code index}. */
    int firstToken(int index) {
        return prompts.get(index / choices).ids().getFirst();
    }
}
