package dev.apprentice.server.grpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.grpc.ProtoJson;
import dev.apprentice.client.v1.AskRequest;
import dev.apprentice.client.v1.Message;
import dev.apprentice.client.v1.ResponseFormat;
import dev.apprentice.client.v1.Tool;
import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.server.http.Wire;
import java.util.List;
import java.util.Set;

/** Requests in the form that HTTP has, so that both are read, and refused, by the same readers. */
final class AskJson {
    private static final Set<String> CHOICES = Set.of("auto", "none", "required");

    private AskJson() {}

    /** A chat completion request. */
    static ObjectNode of(AskRequest request) {
        var json = ProtoJson.of(request.getSampling());
        if (!request.getModel().isEmpty()) {
            json.put("model", request.getModel());
        }
        json.set("messages", messages(request.getMessagesList()));
        if (request.hasMaxTokens()) {
            json.put("max_tokens", request.getMaxTokens());
        }
        if (request.hasTopLogprobs()) {
            json.put("logprobs", true).put("top_logprobs", request.getTopLogprobs());
        }
        if (request.hasEpisode() || request.getMetadataCount() > 0) {
            var metadata = json.putObject("metadata");
            request.getMetadataMap().forEach(metadata::put);
            if (request.hasEpisode()) {
                metadata.put("episode", request.getEpisode());
            }
        }
        tools(json, request);
        format(json, request.getResponseFormat());
        wishes(json.putObject("apprentice"), request);
        return json;
    }

    /** A conversation. */
    static ArrayNode messages(List<Message> messages) {
        var list = Wire.object().arrayNode();
        for (var message : messages) {
            var json = list.addObject().put("role", message.getRole()).put("content", message.getContent());
            if (message.hasName()) {
                json.put("name", message.getName());
            }
            if (message.hasToolCallId()) {
                json.put("tool_call_id", message.getToolCallId());
            }
            if (message.getToolCallsCount() > 0) {
                json.set("tool_calls", calls(message.getToolCallsList()));
            }
        }
        return list;
    }

    /** Tools that may be called. */
    static ArrayNode functions(List<Tool> tools) {
        var list = Wire.object().arrayNode();
        for (var tool : tools) {
            var function = list.addObject().put("type", "function").putObject("function");
            function.put("name", tool.getName())
                    .put("description", tool.getDescription())
                    .put("strict", tool.getStrict());
            if (tool.hasParameters()) {
                function.set("parameters", ProtoJson.struct(tool.getParameters()));
            }
        }
        return list;
    }

    /** Calls that were made. */
    static ArrayNode calls(List<ToolCall> calls) {
        var list = Wire.object().arrayNode();
        for (var call : calls) {
            var json = list.addObject().put("id", call.getId()).put("type", "function");
            json.putObject("function").put("name", call.getName()).put("arguments", call.getArguments());
        }
        return list;
    }

    private static void tools(ObjectNode json, AskRequest request) {
        if (request.getToolsCount() > 0) {
            json.set("tools", functions(request.getToolsList()));
        }
        if (request.hasParallelToolCalls()) {
            json.put("parallel_tool_calls", request.getParallelToolCalls());
        }
        if (request.hasToolChoice()) {
            var choice = request.getToolChoice();
            if (CHOICES.contains(choice)) {
                json.put("tool_choice", choice);
            } else {
                json.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", choice);
            }
        }
    }

    private static void format(ObjectNode json, ResponseFormat format) {
        switch (format.getFormatCase()) {
            case JSON_OBJECT -> json.putObject("response_format").put("type", "json_object");
            case JSON_SCHEMA ->
                json.putObject("response_format")
                        .put("type", "json_schema")
                        .putObject("json_schema")
                        .put("name", "answer")
                        .set("schema", ProtoJson.struct(format.getJsonSchema()));
            case REGEX -> json.put("guided_regex", format.getRegex());
            case CHOICE -> {
                var choices = json.putArray("guided_choice");
                format.getChoice().getValuesList().forEach(choices::add);
            }
            case FORMAT_NOT_SET -> {}
        }
    }

    private static void wishes(ObjectNode json, AskRequest request) {
        if (request.hasRecall()) {
            json.put("recall", request.getRecall());
        }
        if (request.hasAdapter()) {
            json.put("adapter", request.getAdapter());
        }
        if (request.hasLearn()) {
            json.put("learn", request.getLearn());
        }
        if (request.hasBestOf()) {
            json.put("best_of", request.getBestOf());
        }
    }
}
