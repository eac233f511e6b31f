package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import java.util.List;
import java.util.Optional;

/** More of one call of a tool. */
public final class ToolCallDelta extends JsonValue {
    private ToolCallDelta(ObjectNode json) {
        super(json);
    }

    static List<ToolCallDelta> in(ObjectNode delta) {
        return new Delta(delta).toolCalls();
    }

    /** {@return which of the answer's calls it belongs to, counted from 0} */
    public int index() {
        return optionalInt("index").orElse(0);
    }

    /** {@return the call's id, in its first piece} */
    public Optional<String> id() {
        return optionalText("id");
    }

    /** {@return the tool's name, in the call's first piece} */
    public Optional<String> name() {
        return function("name");
    }

    /** {@return more of the arguments' JSON text} */
    public String arguments() {
        return function("arguments").orElse("");
    }

    private Optional<String> function(String name) {
        return optionalObject("function")
                .map(function -> function.path(name))
                .filter(value -> value.isTextual())
                .map(value -> value.textValue());
    }

    private static final class Delta extends JsonValue {
        Delta(ObjectNode json) {
            super(json);
        }

        List<ToolCallDelta> toolCalls() {
            return objects("tool_calls", ToolCallDelta::new);
        }
    }
}
