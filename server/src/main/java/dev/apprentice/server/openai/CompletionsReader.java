package dev.apprentice.server.openai;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.engine.text.Tokenizer;
import dev.apprentice.server.asking.Asking;
import dev.apprentice.server.asking.FormFields;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.WishFields;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads requests of the older completions API. Null is absent, unknown fields are ignored. */
final class CompletionsReader {
    private static final int CHOICES_MAX = 128;
    private static final int LOGPROBS_MAX = 5;

    private final SamplingFields sampling;
    private final Tokenizer tokenizer;
    private final int vocabulary;

    CompletionsReader(SamplingFields sampling, Tokenizer tokenizer, int vocabulary) {
        this.sampling = sampling;
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads {@code body}.
     *
     * @param episodeHeader what the header {@code Apprentice-Episode} says, or null
     */
    CompletionsRequest read(Fields body, @Nullable String episodeHeader) {
        var model = body.requiredString("model");
        var prompts = new TokenInput(body, "prompt", tokenizer, vocabulary, CHOICES_MAX).read();
        int choices = body.integer("n", 1, CHOICES_MAX / prompts.size()).orElse(1);
        Unbuilt.refuse(body);
        refuse(body);
        int made =
                body.integer("best_of", choices, CHOICES_MAX / prompts.size()).orElse(choices);
        var delivery = ChatRequestReader.delivery(body);
        if (made > choices && delivery != ChatRequest.Delivery.WHOLE) {
            throw body.wrongValue(
                    "best_of",
                    "n or absent in a stream: which answers are best is known at their end",
                    body.value("best_of").orElseThrow());
        }
        var maxTokens = body.integer("max_tokens", 0, Integer.MAX_VALUE).orElse(null);
        var logprobs = body.integer("logprobs", 0, LOGPROBS_MAX).orElse(null);
        var echo = body.bool("echo").orElse(false);
        var params = sampling.read(body, maxTokens, logprobs == null ? 0 : logprobs);
        var askings = new ArrayList<Asking>();
        for (var prompt : prompts) {
            askings.add(Asking.to(model, List.of(ChatMessage.of("user", prompt.text())), params)
                    .prompt(prompt.ids())
                    .scored(echo && logprobs != null)
                    .form(FormFields.read(body))
                    .maxTokens(maxTokens)
                    .choices(made)
                    .extras(WishFields.extras(body))
                    .episode(WishFields.episode(body, episodeHeader))
                    .idPrefix("cmpl-")
                    .done());
        }
        return new CompletionsRequest(askings, prompts, choices, made, echo, logprobs, delivery);
    }

    private static void refuse(Fields body) {
        if (body.string("suffix").filter(suffix -> !suffix.isEmpty()).isPresent()) {
            throw body.wrongValue(
                    "suffix",
                    "absent: no model here fills a gap, they only go on",
                    body.value("suffix").orElseThrow());
        }
    }
}
