package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.util.List;
import java.util.Optional;

/** One turn of a conversation. */
public final class Message extends JsonValue {
    private Message(ObjectNode json) {
        super(json);
        role();
    }

    /**
     * What the wire calls a message.
     *
     * @param json the object that came over the wire
     * @return the message
     */
    public static Message of(ObjectNode json) {
        return new Message(json);
    }

    /**
     * {@code content}, said by {@code role}.
     *
     * @param role who says it
     * @param content what is said
     * @return the message
     */
    public static Message of(Role role, String content) {
        return new Message(Wire.object().put("role", role.value()).put("content", content));
    }

    /**
     * An instruction that comes before the conversation.
     *
     * @param content what is said
     * @return the message
     */
    public static Message system(String content) {
        return of(Role.SYSTEM, content);
    }

    /**
     * What the user says.
     *
     * @param content what is said
     * @return the message
     */
    public static Message user(String content) {
        return of(Role.USER, content);
    }

    /**
     * What was answered before.
     *
     * @param content what is said
     * @return the message
     */
    public static Message assistant(String content) {
        return of(Role.ASSISTANT, content);
    }

    /**
     * An answer that called tools.
     *
     * @param content what is said
     * @param calls the calls, in order
     * @return the message
     */
    public static Message assistant(String content, List<ToolCall> calls) {
        var json = Wire.object().put("role", Role.ASSISTANT.value()).put("content", content);
        var list = json.putArray("tool_calls");
        calls.forEach(call -> list.add(call.json()));
        return new Message(json);
    }

    /**
     * What the tool gave back for the call {@code toolCallId}.
     *
     * @param toolCallId the id of the call, {@link ToolCall#id()}
     * @param content what is said
     * @return the message
     */
    public static Message tool(String toolCallId, String content) {
        return new Message(Wire.object()
                .put("role", Role.TOOL.value())
                .put("tool_call_id", toolCallId)
                .put("content", content));
    }

    /** {@return who says it} */
    public Role role() {
        return Role.of(text("role"));
    }

    /** {@return what is said; empty where only tools are called} */
    public String content() {
        return optionalText("content").orElse("");
    }

    /** {@return the tools that are called, in order; empty where none are} */
    public List<ToolCall> toolCalls() {
        return objects("tool_calls", ToolCall::of);
    }

    /** {@return the id of the call that this is the result of} */
    public Optional<String> toolCallId() {
        return optionalText("tool_call_id");
    }
}
