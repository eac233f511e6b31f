package dev.apprentice.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.engine.batch.FinishReason;
import dev.apprentice.engine.batch.GenerationEvent;
import dev.apprentice.learner.Provenance;
import dev.apprentice.server.http.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One answer as OpenAI's clients read it, whole or in chunks. Every field that they require is always there, null where
 * there is nothing to say.
 */
final class ChatJson {
    private final String id;
    private final Instant created;
    private final String model;
    private final ChatRequest.Delivery delivery;
    private final @Nullable LogprobsJson logprobs;

    /** Writes the answer {@code id}; {@code logprobs} is null where nobody asked for them. */
    ChatJson(String id, Instant created, String model, ChatRequest.Delivery delivery, @Nullable LogprobsJson logprobs) {
        this.id = id;
        this.created = created;
        this.model = model;
        this.delivery = delivery;
        this.logprobs = logprobs;
    }

    /** The answer in one piece. */
    ObjectNode whole(Completion completion, Provenance provenance) {
        var json = head("chat.completion");
        var choice = json.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", completion.text())
                .putNull("refusal");
        if (logprobs == null) {
            choice.putNull("logprobs");
        } else {
            choice.set("logprobs", logprobs.of(completion.tokens()));
        }
        choice.put("finish_reason", word(completion.finish()));
        json.set("usage", usage(completion));
        json.set("apprentice", Wire.value(provenance));
        return json;
    }

    /** The first chunk: nothing but who speaks, so that the id is known at once. */
    ObjectNode first() {
        var json = chunk(null);
        delta(json).put("role", "assistant").put("content", "").putNull("refusal");
        return json;
    }

    /** A chunk with more of the answer. */
    ObjectNode more(GenerationEvent.Delta delta) {
        var json = chunk(null);
        delta(json).put("content", delta.text());
        if (logprobs != null) {
            choice(json).set("logprobs", logprobs.of(delta.tokens()));
        }
        return json;
    }

    /** Whether a chunk with {@code delta} would say anything. */
    boolean says(GenerationEvent.Delta delta) {
        return !delta.text().isEmpty() || (logprobs != null && !delta.tokens().isEmpty());
    }

    /** The chunk that ends the answer and says where it comes from. */
    ObjectNode last(Completion completion, Provenance provenance) {
        var json = chunk(word(completion.finish()));
        json.set("apprentice", Wire.value(provenance));
        return json;
    }

    /** Whether the client asked for {@link #count}. */
    boolean countsTokens() {
        return delivery == ChatRequest.Delivery.STREAM_WITH_USAGE;
    }

    /** The chunk that counts tokens, which has no choice. */
    ObjectNode count(Completion completion) {
        var json = head("chat.completion.chunk");
        json.putArray("choices");
        json.set("usage", usage(completion));
        return json;
    }

    private ObjectNode head(String object) {
        return Wire.object()
                .put("id", id)
                .put("object", object)
                .put("created", created.getEpochSecond())
                .put("model", model);
    }

    private ObjectNode chunk(@Nullable String finish) {
        var json = head("chat.completion.chunk");
        var choice = json.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta");
        choice.putNull("logprobs").put("finish_reason", finish);
        if (countsTokens()) {
            json.putNull("usage"); // the last chunk has it; the others say that they have not
        }
        return json;
    }

    private static ObjectNode choice(ObjectNode chunk) {
        return (ObjectNode) chunk.get("choices").get(0);
    }

    private static ObjectNode delta(ObjectNode chunk) {
        return (ObjectNode) choice(chunk).get("delta");
    }

    private static ObjectNode usage(Completion completion) {
        var answer = completion.tokens().size();
        var json = Wire.object()
                .put("prompt_tokens", completion.promptTokens())
                .put("completion_tokens", answer)
                .put("total_tokens", completion.promptTokens() + answer);
        json.putObject("prompt_tokens_details").put("cached_tokens", completion.cachedTokens());
        return json;
    }

    private static String word(FinishReason finish) {
        return switch (finish) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> throw new AssertionError("a cancelled answer is not told");
        };
    }
}
