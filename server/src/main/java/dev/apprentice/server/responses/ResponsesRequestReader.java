package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.asking.Asking;
import dev.apprentice.server.asking.SamplingFields;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.asking.Turns;
import dev.apprentice.server.asking.WishFields;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests for responses. Null is absent, unknown fields are ignored, and so is what would only matter to other
 * models ({@code reasoning}, {@code service_tier}); what would change the answer and cannot be done is refused.
 */
final class ResponsesRequestReader {
    private static final String LOGPROBS = "message.output_text.logprobs";
    private static final Set<String> INCLUDABLE = Set.of(
            LOGPROBS,
            "file_search_call.results",
            "web_search_call.results",
            "web_search_call.action.sources",
            "message.input_image.image_url",
            "computer_call_output.output.image_url",
            "code_interpreter_call.outputs",
            "reasoning.encrypted_content");

    private final SamplingFields sampling;

    /** Finds the conversation up to the end of an earlier response. */
    @FunctionalInterface
    interface Earlier {
        /**
         * The turns before and of the response {@code id}, its instructions left out.
         *
         * @throws dev.apprentice.engine.NotFoundException if there is none
         */
        List<ChatMessage> conversation(String id);
    }

    ResponsesRequestReader(SamplingFields sampling) {
        this.sampling = sampling;
    }

    /**
     * Reads {@code body}.
     *
     * @param episodeHeader what the header {@code Apprentice-Episode} says, or null
     */
    ResponsesRequest read(Fields body, @Nullable String episodeHeader, Earlier earlier) {
        var model = body.requiredString("model");
        refuse(body);
        var logprobs = logprobs(body);
        var topLogprobs = body.integer("top_logprobs", 0, 20).orElse(0);
        var maxTokens = body.integer("max_output_tokens", 1, Integer.MAX_VALUE).orElse(null);
        var tools = FunctionTools.in(body);
        var form = TextFormat.in(body);
        var asking = Asking.to(
                        model, messages(body, earlier), sampling.read(body, maxTokens, logprobs ? topLogprobs : 0))
                .tools(tools)
                .toolChoice(ToolFields.choice(body, tools))
                .parallelToolCalls(body.bool("parallel_tool_calls").orElse(true))
                .form(form)
                .maxTokens(maxTokens)
                .extras(WishFields.extras(body))
                .episode(WishFields.episode(body, episodeHeader))
                .idPrefix("resp_")
                .done();
        return new ResponsesRequest(
                asking,
                body.bool("stream").orElse(false),
                body.bool("store").orElse(true),
                logprobs,
                echo(body, asking, topLogprobs));
    }

    private static void refuse(Fields body) {
        if (body.bool("background").orElse(false)) {
            throw body.wrongValue(
                    "background",
                    "false: answers are given to who waits for them",
                    body.value("background").orElseThrow());
        }
        for (var field : List.of("conversation", "prompt")) {
            if (body.has(field)) {
                throw body.wrongValue(
                        field,
                        "absent: there are no stored ones here; previous_response_id goes on from a response",
                        body.value(field).orElseThrow());
            }
        }
        if (!body.choice("truncation", Set.of("auto", "disabled"))
                .orElse("disabled")
                .equals("disabled")) {
            throw body.wrongValue(
                    "truncation",
                    "disabled: nothing is left out of a conversation unasked",
                    body.value("truncation").orElseThrow());
        }
    }

    private static boolean logprobs(Fields body) {
        var logprobs = false;
        for (var item : body.list("include").orElse(List.of())) {
            if (!INCLUDABLE.contains(item.asText())) {
                throw body.wrongValue("include", "a list with each " + Fields.oneOf(INCLUDABLE), item);
            }
            logprobs |= item.asText().equals(LOGPROBS);
        }
        return logprobs;
    }

    private static List<ChatMessage> messages(Fields body, Earlier earlier) {
        var messages = new ArrayList<ChatMessage>();
        body.string("instructions").ifPresent(text -> messages.add(ChatMessage.of("system", text)));
        body.string("previous_response_id").ifPresent(id -> messages.addAll(earlier.conversation(id)));
        var before = messages.size();
        var turns = new Turns(messages);
        InputItems.read(body, turns);
        if (turns.all().size() == before) {
            throw body.wrongValue(
                    "input",
                    "a string or at least one item",
                    body.value("input").orElseThrow());
        }
        return turns.all();
    }

    private static ObjectNode echo(Fields body, Asking asking, int topLogprobs) {
        var echo = Wire.object()
                .put("instructions", body.string("instructions").orElse(null))
                .put("max_output_tokens", asking.maxTokens())
                .put("parallel_tool_calls", asking.parallelToolCalls())
                .put("previous_response_id", body.string("previous_response_id").orElse(null))
                .put("store", body.bool("store").orElse(true))
                .put("temperature", asking.sampling().temperature())
                .put("top_logprobs", topLogprobs)
                .put("top_p", asking.sampling().topP())
                .put("truncation", "disabled")
                .put("user", body.string("user").orElse(null));
        echo.set("metadata", metadata(body));
        echo.set("text", TextFormat.json(body));
        echo.set("tool_choice", FunctionTools.json(asking.toolChoice()));
        echo.set("tools", FunctionTools.json(asking.tools()));
        return echo;
    }

    private static ObjectNode metadata(Fields body) {
        var json = Wire.object();
        body.object("metadata")
                .ifPresent(metadata -> metadata.names()
                        .forEach(name -> metadata.string(name).ifPresent(value -> json.put(name, value))));
        return json;
    }
}
