package dev.apprentice.learner.exam;

import dev.apprentice.engine.text.ChatMessage;
import java.util.List;
import java.util.Map;

/**
 * What a candidate was to learn from judged answers.
 *
 * @param holds of each lesson, whether the candidate's weights moved its way
 * @param holdMin share of them that must have
 * @param requests some of what was asked when the answers were judged
 */
public record Opinions(Map<String, Boolean> holds, double holdMin, List<Request> requests) {
    /** Nothing was judged. */
    public static final Opinions NONE = new Opinions(Map.of(), 0, List.of());

    public Opinions {
        holds = Map.copyOf(holds);
        requests = List.copyOf(requests);
    }

    /**
     * What was asked.
     *
     * @param messages as the client sent them
     * @param tools what might be called, as OpenAI's JSON
     */
    public record Request(List<ChatMessage> messages, List<Map<String, Object>> tools) {
        public Request {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }
    }
}
