package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;

/** A change of an instance: what is not said stays as it is. */
public final class InstancePatch extends JsonValue {
    private InstancePatch(ObjectNode json) {
        super(json);
    }

    /** Begins with no change. */
    public static Builder builder() {
        return new Builder();
    }

    /** Puts it together. */
    public static final class Builder {
        private final ObjectNode json = Wire.object();

        private Builder() {}

        /** What the instance is for. */
        public Builder description(String description) {
            json.put("description", description);
            return this;
        }

        /** What it is told where a request brings no system message. */
        public Builder systemPrompt(String systemPrompt) {
            json.put("system_prompt", systemPrompt);
            return this;
        }

        /** Takes the system prompt away. */
        public Builder clearSystemPrompt() {
            json.putNull("system_prompt");
            return this;
        }

        /** One field of the policy: a text, a number, a truth value, a map. */
        public Builder policy(String name, Object value) {
            return policy(name, Wire.value(value));
        }

        /** One field of the policy in JSON; JSON null means "no limit" where a limit may be absent. */
        public Builder policy(String name, JsonNode value) {
            json.withObjectProperty("policy").set(name, value);
            return this;
        }

        /** What was put together. */
        public InstancePatch build() {
            return new InstancePatch(json);
        }
    }
}
