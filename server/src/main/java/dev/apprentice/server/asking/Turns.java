package dev.apprentice.server.asking;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a conversation together where texts, calls and their results come as pieces of their own, as they do in the
 * Responses API and in Anthropic's. For one thread.
 */
public final class Turns {
    private static final String ASSISTANT = "assistant";

    private final List<ChatMessage> turns;

    /** Goes on from {@code before}. */
    public Turns(List<ChatMessage> before) {
        this.turns = new ArrayList<>(before);
    }

    /** Someone says something. */
    public void say(String role, String text) {
        turns.add(ChatMessage.of(role, text));
    }

    /** The assistant calls a tool, in the same turn as what it has just said or called. */
    public void call(ToolCall call) {
        Map<String, Object> json = Map.of(
                "id",
                call.id(),
                "type",
                "function",
                "function",
                Map.of("name", call.name(), "arguments", call.arguments()));
        if (turns.isEmpty() || !turns.getLast().role().equals(ASSISTANT)) {
            turns.add(new ChatMessage(ASSISTANT, "", null, List.of(json), null));
            return;
        }
        var turn = turns.removeLast();
        var calls = new ArrayList<>(turn.toolCalls());
        calls.add(json);
        turns.add(new ChatMessage(ASSISTANT, turn.content(), turn.name(), calls, null));
    }

    /**
     * A called tool gives {@code text} back.
     *
     * @param piece what says so, and names the call in {@code field}
     */
    public void result(Fields piece, String field, String text) {
        var id = piece.requiredString(field);
        if (turns.stream().flatMap(turn -> turn.toolCalls().stream()).noneMatch(call -> id.equals(call.get("id")))) {
            throw piece.wrongValue(
                    field,
                    "the id of a call that was made before",
                    piece.value(field).orElseThrow());
        }
        turns.add(new ChatMessage("tool", text, null, List.of(), id));
    }

    /** The conversation so far. */
    public List<ChatMessage> all() {
        return List.copyOf(turns);
    }
}
