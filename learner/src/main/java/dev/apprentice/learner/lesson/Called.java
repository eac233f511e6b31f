package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a lesson says of tools, as it is kept among its own fields: which might be called, and, if the right answer
 * calls some, that answer as a message.
 *
 * @param content the right answer's text before its calls
 * @param calls as OpenAI's JSON, empty where the answer is text alone
 * @param tools as OpenAI's JSON
 */
record Called(String content, List<Map<String, Object>> calls, List<Map<String, Object>> tools) {
    private static final String MESSAGE = "message";
    private static final String CONTENT = "content";
    private static final String CALLS = "tool_calls";
    private static final String TOOLS = "tools";

    Called {
        calls = List.copyOf(calls);
        tools = List.copyOf(tools);
    }

    static Called of(Feedback.Teaching teaching, List<Map<String, Object>> tools) {
        return new Called(teaching.answer(), teaching.calls(), tools);
    }

    static Called in(Map<String, Object> own) {
        var tools = objects(own.get(TOOLS));
        return own.get(MESSAGE) instanceof Map<?, ?> message
                ? new Called(String.valueOf(message.get(CONTENT)), objects(message.get(CALLS)), tools)
                : new Called("", List.of(), tools);
    }

    Map<String, Object> own() {
        var own = new LinkedHashMap<String, Object>();
        if (!calls.isEmpty()) {
            var message = new LinkedHashMap<String, Object>();
            message.put("role", "assistant");
            message.put(CONTENT, content);
            message.put(CALLS, calls);
            own.put(MESSAGE, message);
        }
        if (!tools.isEmpty()) {
            own.put(TOOLS, tools);
        }
        return own;
    }

    ChatMessage reply() {
        return new ChatMessage("assistant", content, null, calls, null);
    }

    /** Whether all tools that are called are among {@code offered}. */
    boolean makeableWith(List<Map<String, Object>> offered) {
        return calls.isEmpty() || names(offered).containsAll(names(calls));
    }

    /**
     * Refuses calls that nobody could make.
     *
     * @throws UnprocessableException code {@code tool_not_offered} if the request did not offer a tool that is called
     * @throws InvalidRequestException if arguments are no JSON object
     */
    void check() {
        var offered = names(tools);
        for (var call : SaidCall.of(calls)) {
            if (!offered.contains(call.name())) {
                throw new UnprocessableException(
                        "tool_not_offered",
                        "the answer calls '" + call.name() + "', which the request did not offer",
                        Fault.of(
                                "message.tool_calls",
                                offered.isEmpty()
                                        ? "text alone, as the request offered no tools"
                                        : "calls of " + String.join(", ", offered),
                                call.name()));
            }
            if (!call.arguments().isObject()) {
                throw new InvalidRequestException(
                        "invalid_value",
                        "arguments of a call must be a string that holds a JSON object",
                        Fault.of(
                                "message.tool_calls",
                                "a JSON object",
                                call.arguments().toString()));
            }
        }
    }

    private static Set<String> names(List<Map<String, Object>> functions) {
        var names = new HashSet<String>();
        for (var each : functions) {
            if (each.get("function") instanceof Map<?, ?> function) {
                names.add(String.valueOf(function.get("name")));
            }
        }
        return names;
    }

    private static List<Map<String, Object>> objects(@Nullable Object list) {
        var objects = new ArrayList<Map<String, Object>>();
        if (list instanceof List<?> items) {
            for (var item : items) {
                if (item instanceof Map<?, ?> fields) {
                    var copy = new LinkedHashMap<String, Object>();
                    fields.forEach((name, value) -> copy.put(String.valueOf(name), value));
                    objects.add(copy);
                }
            }
        }
        return objects;
    }
}
