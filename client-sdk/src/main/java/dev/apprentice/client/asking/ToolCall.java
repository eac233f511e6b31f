package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.error.ProtocolException;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.nio.charset.StandardCharsets;

/** A call of a tool that an answer makes, or that a correction says should have been made. */
public final class ToolCall extends JsonValue {
    private ToolCall(ObjectNode json) {
        super(json);
        id();
        name();
    }

    /**
     * What the wire calls a tool call.
     *
     * @param json the object that came over the wire
     * @return the call
     */
    public static ToolCall of(ObjectNode json) {
        return new ToolCall(json);
    }

    /**
     * The call {@code id} of the function {@code name}; {@code arguments} is JSON text.
     *
     * @param id a name for the call
     * @param name the name of the tool
     * @param arguments a JSON object as text
     * @return the call
     */
    public static ToolCall of(String id, String name, String arguments) {
        var json = Wire.object().put("id", id).put("type", "function");
        json.putObject("function").put("name", name).put("arguments", arguments);
        return new ToolCall(json);
    }

    /** {@return the id that names this call; its result is sent back under it} */
    public String id() {
        return text("id");
    }

    /** {@return the name of the tool that is called} */
    public String name() {
        return function("name");
    }

    /**
     * {@return the arguments as the model wrote them: JSON text, which need not fit the tool's schema unless it is
     * strict}
     */
    public String arguments() {
        return function("arguments");
    }

    /**
     * The arguments, read.
     *
     * @return the arguments as an object
     * @throws ProtocolException if the model wrote something that is no JSON object
     */
    public ObjectNode readArguments() {
        return Wire.read(arguments().getBytes(StandardCharsets.UTF_8));
    }

    private String function(String name) {
        var function = optionalObject("function")
                .orElseThrow(() -> new ProtocolException("expected function in a tool call, found nothing"));
        var value = function.path(name);
        if (!value.isTextual()) {
            throw new ProtocolException("expected a string at function." + name + " of a tool call");
        }
        return value.textValue();
    }
}
