package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A piece of an answer while it is made. The first has the id and no text; the one with the {@link #finishReason} says
 * where the answer comes from; one without a choice may follow and count the tokens.
 */
public final class AnswerChunk extends JsonValue {
    private AnswerChunk(ObjectNode json) {
        super(json);
        id();
    }

    /**
     * What the wire calls a chunk of a chat completion.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     * @throws dev.apprentice.client.error.ProtocolException if a field that no version leaves out is not there
     */
    public static AnswerChunk of(ObjectNode json) {
        return new AnswerChunk(json);
    }

    /** {@return the interaction's id: feedback may name it from now on, also while the answer is still being made} */
    public String id() {
        return text("id");
    }

    /** {@return who was asked} */
    public String model() {
        return optionalText("model").orElse("");
    }

    /** {@return more of the text; often empty} */
    public String text() {
        return delta().flatMap(delta -> Optional.ofNullable(delta.get("content")))
                .map(content -> content.asText(""))
                .orElse("");
    }

    /** {@return more of the calls of tools; often empty} */
    public List<ToolCallDelta> toolCalls() {
        return delta().map(delta -> ToolCallDelta.in(delta)).orElse(List.of());
    }

    /** {@return log-probabilities of the tokens in this piece} */
    public List<TokenLogprob> logprobs() {
        return choice().filter(choice -> choice.path("logprobs").isObject())
                .map(choice -> Logprobs.of((ObjectNode) choice.get("logprobs")))
                .orElse(List.of());
    }

    /** {@return why the answer ended, in the piece that ends it} */
    public Optional<FinishReason> finishReason() {
        return choice().map(choice -> choice.path("finish_reason"))
                .filter(word -> word.isTextual())
                .map(word -> FinishReason.of(word.textValue()));
    }

    /** {@return where the answer comes from, in the piece that ends it} */
    public Optional<Provenance> provenance() {
        return optionalObject("apprentice").map(Provenance::of);
    }

    /** {@return how many tokens the answer took, in the last piece} */
    public Optional<Usage> usage() {
        return optionalObject("usage").map(Usage::of);
    }

    OptionalInt created() {
        return optionalInt("created");
    }

    private Optional<ObjectNode> choice() {
        return objects("choices", choice -> choice).stream().findFirst();
    }

    private Optional<ObjectNode> delta() {
        return choice().map(choice -> choice.get("delta"))
                .filter(delta -> delta instanceof ObjectNode)
                .map(delta -> (ObjectNode) delta);
    }
}
