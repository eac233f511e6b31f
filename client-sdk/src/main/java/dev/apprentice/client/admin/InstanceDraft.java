package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;

/** An instance that is to be created; what is not said has its default. */
public final class InstanceDraft extends JsonValue {
    private InstanceDraft(ObjectNode json) {
        super(json);
    }

    /** Begins the instance {@code id}: letters a to z, digits, and {@code . _ -} after the first. */
    public static Builder builder(String id) {
        var builder = new Builder();
        builder.json.put("id", id);
        return builder;
    }

    /** The instance {@code id} with defaults. */
    public static InstanceDraft of(String id) {
        return builder(id).build();
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
        public InstanceDraft build() {
            return new InstanceDraft(json);
        }
    }
}
