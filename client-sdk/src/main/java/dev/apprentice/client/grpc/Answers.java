package dev.apprentice.client.grpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.v1.AnswerEvent;
import dev.apprentice.client.v1.Provenance;
import dev.apprentice.client.v1.TokenLogprob;
import dev.apprentice.client.v1.ToolCall;
import dev.apprentice.client.v1.Usage;
import dev.apprentice.client.value.Wire;
import java.util.List;

/** Reads answers as HTTP has them. */
final class Answers {
    private Answers() {}

    static Answer of(dev.apprentice.client.v1.Answer answer) {
        var json = Wire.object()
                .put("id", answer.getId())
                .put("object", "chat.completion")
                .put("created", answer.getCreated().getSeconds())
                .put("model", answer.getModel());
        var choice = json.putArray("choices").addObject().put("index", 0);
        choice.set("message", message(answer.getMessage()));
        putLogprobs(choice, answer.getLogprobsList());
        choice.put("finish_reason", answer.getFinishReason());
        if (answer.hasUsage()) {
            json.set("usage", usage(answer.getUsage()));
        }
        if (answer.hasProvenance()) {
            json.set("apprentice", provenance(answer.getProvenance()));
        }
        return Answer.of(json);
    }

    static Lesson lesson(dev.apprentice.client.v1.Lesson lesson) {
        var json = ProtoJson.of(lesson);
        var messages = json.putArray("messages");
        lesson.getMessagesList().forEach(message -> messages.add(message(message)));
        if (lesson.hasMessage()) {
            json.set("message", message(lesson.getMessage()));
        }
        var tools = json.putArray("tools");
        lesson.getToolsList()
                .forEach(tool -> tools.addObject().put("type", "function").set("function", ProtoJson.of(tool)));
        return Lesson.of(json);
    }

    private static ObjectNode message(dev.apprentice.client.v1.Message message) {
        var json = ProtoJson.of(message);
        json.remove("tool_calls");
        if (message.getToolCallsCount() > 0) {
            calls(json.putArray("tool_calls"), message.getToolCallsList());
        }
        return json;
    }

    private static void calls(ArrayNode list, List<ToolCall> calls) {
        for (var call : calls) {
            list.addObject()
                    .put("id", call.getId())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.getName())
                    .put("arguments", call.getArguments());
        }
    }

    private static ObjectNode usage(Usage usage) {
        var json = Wire.object()
                .put("prompt_tokens", usage.getPromptTokens())
                .put("completion_tokens", usage.getCompletionTokens())
                .put("total_tokens", usage.getPromptTokens() + usage.getCompletionTokens());
        json.putObject("prompt_tokens_details").put("cached_tokens", usage.getCachedTokens());
        return json;
    }

    private static ObjectNode provenance(Provenance provenance) {
        return ProtoJson.of(provenance);
    }

    private static void putLogprobs(ObjectNode choice, List<TokenLogprob> tokens) {
        if (!tokens.isEmpty()) {
            var content = choice.putObject("logprobs").putArray("content");
            tokens.forEach(token -> content.add(logprob(token)));
        }
    }

    private static ObjectNode logprob(TokenLogprob token) {
        var json = ProtoJson.of(token);
        json.remove("top");
        var top = json.putArray("top_logprobs");
        token.getTopList().forEach(other -> top.add(logprob(other)));
        return json;
    }

    /** Makes chunks of events: HTTP repeats the id in each, gRPC says it once, at the beginning. */
    static final class Chunks {
        private AnswerEvent.Opened opened = AnswerEvent.Opened.getDefaultInstance();

        AnswerChunk of(AnswerEvent event) {
            if (event.hasOpened()) {
                opened = event.getOpened();
            }
            var json = Wire.object()
                    .put("id", opened.getId())
                    .put("object", "chat.completion.chunk")
                    .put("created", opened.getCreated().getSeconds())
                    .put("model", opened.getModel());
            var choice = json.putArray("choices").addObject().put("index", 0);
            var delta = choice.putObject("delta");
            if (event.hasDelta()) {
                delta.put("content", event.getDelta().getContent());
                putCalls(delta, event.getDelta().getToolCallsList());
                putLogprobs(choice, event.getDelta().getLogprobsList());
            } else if (event.hasFinished()) {
                choice.put("finish_reason", event.getFinished().getFinishReason());
                if (event.getFinished().hasUsage()) {
                    json.set("usage", usage(event.getFinished().getUsage()));
                }
                if (event.getFinished().hasProvenance()) {
                    json.set("apprentice", provenance(event.getFinished().getProvenance()));
                }
            }
            return AnswerChunk.of(json);
        }

        private static void putCalls(ObjectNode delta, List<AnswerEvent.ToolCallDelta> calls) {
            if (calls.isEmpty()) {
                return;
            }
            var list = delta.putArray("tool_calls");
            for (var call : calls) {
                var json = list.addObject().put("index", call.getIndex()).put("type", "function");
                var function = json.putObject("function").put("arguments", call.getArguments());
                if (call.hasId()) {
                    json.put("id", call.getId());
                }
                if (call.hasName()) {
                    function.put("name", call.getName());
                }
            }
        }
    }
}
