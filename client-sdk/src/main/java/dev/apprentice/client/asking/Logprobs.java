package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.util.List;

/** The {@code logprobs} of a choice. */
final class Logprobs extends JsonValue {
    private Logprobs(ObjectNode json) {
        super(json);
    }

    static List<TokenLogprob> of(ObjectNode json) {
        return new Logprobs(json).objects("content", TokenLogprob::of);
    }
}
