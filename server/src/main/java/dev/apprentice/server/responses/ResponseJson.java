package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.batch.Completion;
import dev.apprentice.server.asking.Ending;
import dev.apprentice.server.asking.Told;
import dev.apprentice.server.asking.ToldEvent;
import dev.apprentice.server.http.Refusal;
import dev.apprentice.server.http.Wire;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** One response as OpenAI's clients read it, before, at and after its end; every field that they require is there. */
final class ResponseJson {
    private final Told told;
    private final ObjectNode echo;
    private final Clock clock;

    ResponseJson(Told told, ObjectNode echo, Clock clock) {
        this.told = told;
        this.echo = echo;
        this.clock = clock;
    }

    /** The response while it is made. */
    ObjectNode running() {
        return response("in_progress", Wire.object().arrayNode());
    }

    /** The whole response. */
    ObjectNode whole(ToldEvent.Ended ended, ArrayNode output) {
        var json = response(isCut(ended) ? "incomplete" : "completed", output);
        if (isCut(ended)) {
            json.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            json.put("completed_at", clock.instant().getEpochSecond());
        }
        json.set("usage", usage(ended.completion()));
        json.set("apprentice", Wire.value(told.provenance()));
        return json;
    }

    /** A response that ended by a fault; what was told so far is not an answer. */
    ObjectNode failed(Refusal refusal) {
        var json = response("failed", Wire.object().arrayNode());
        json.putObject("error")
                .put("code", refusal.status() == 429 ? "rate_limit_exceeded" : "server_error")
                .put("message", refusal.message());
        return json;
    }

    /** Whether an answer ended by its limit. */
    static boolean isCut(ToldEvent.Ended ended) {
        return ended.ending() == Ending.LENGTH;
    }

    private ObjectNode response(String status, @Nullable ArrayNode output) {
        var json = Wire.object()
                .put("id", told.id())
                .put("object", "response")
                .put("created_at", told.created().getEpochSecond())
                .put("status", status)
                .put("background", false)
                .putNull("completed_at")
                .putNull("error")
                .putNull("incomplete_details")
                .put("model", told.model());
        json.set("output", output);
        json.setAll(echo);
        json.putNull("max_tool_calls").put("service_tier", "default").putNull("usage");
        json.putObject("reasoning").putNull("effort").putNull("summary");
        return json;
    }

    private static ObjectNode usage(Completion completion) {
        var answer = completion.tokens().size();
        var json = Wire.object().put("input_tokens", completion.promptTokens());
        json.putObject("input_tokens_details")
                .put("cached_tokens", completion.cachedTokens())
                .put("cache_write_tokens", 0);
        json.put("output_tokens", answer);
        json.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return json.put("total_tokens", completion.promptTokens() + answer);
    }
}
