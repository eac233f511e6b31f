package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.value.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A whole answer. Its JSON is a chat completion, over gRPC too. */
public final class Answer extends JsonValue {
    private Answer(ObjectNode json) {
        super(json);
        id();
        message();
        finishReason();
    }

    /**
     * What the wire calls a chat completion.
     *
     * @param json the object that came over the wire
     * @return the answer
     * @throws ProtocolException if its id, its message or the reason of its end is missing
     */
    public static Answer of(ObjectNode json) {
        return new Answer(json);
    }

    /**
     * The whole answer that {@code chunks} tell, the last of them included.
     *
     * @param chunks the pieces, from the first to the last
     * @return the answer
     */
    public static Answer of(Iterable<AnswerChunk> chunks) {
        var joined = new JoinedAnswer();
        chunks.forEach(joined::add);
        return joined.whole();
    }

    /** {@return the interaction's id, which feedback names} */
    public String id() {
        return text("id");
    }

    /** {@return who was asked} */
    public String model() {
        return optionalText("model").orElse("");
    }

    /** {@return when it was asked for, to the second} */
    public Instant created() {
        return Instant.ofEpochSecond(optionalInt("created").orElse(0));
    }

    /** {@return what was said, ready to be put into the next request's conversation} */
    public Message message() {
        return choice("message").map(Message::of).orElseThrow(() -> missing("message"));
    }

    /** {@return what was said; empty where only tools are called} */
    public String text() {
        return message().content();
    }

    /** {@return the tools that are to be called, in order; empty where none are} */
    public List<ToolCall> toolCalls() {
        return message().toolCalls();
    }

    /** {@return why it ended} */
    public FinishReason finishReason() {
        var word = first().path("finish_reason");
        if (!word.isTextual()) {
            throw missing("finish_reason");
        }
        return FinishReason.of(word.textValue());
    }

    /** {@return how many tokens it took} */
    public Optional<Usage> usage() {
        return optionalObject("usage").map(Usage::of);
    }

    /** {@return where it comes from} */
    public Optional<Provenance> provenance() {
        return optionalObject("apprentice").map(Provenance::of);
    }

    /** {@return the tokens' log-probabilities, empty where nobody asked for them} */
    public List<TokenLogprob> logprobs() {
        return choice("logprobs").map(Logprobs::of).orElse(List.of());
    }

    private Optional<ObjectNode> choice(String name) {
        return first().get(name) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    private ObjectNode first() {
        var choices = objects("choices", choice -> choice);
        if (choices.isEmpty()) {
            throw missing("choices");
        }
        return choices.get(0);
    }

    private static ProtocolException missing(String name) {
        return new ProtocolException("expected " + name + " in an answer, found nothing");
    }
}
