package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.Wire;

/**
 * Says what can be said of an instance, whether it is made or changed. Values are checked by the server, whose error
 * names the field. For one thread.
 *
 * @param <B> the builder of which this is a part
 */
public abstract sealed class InstanceFields<B> permits InstanceDraft.Builder, InstancePatch.Builder {
    final ObjectNode json = Wire.object();

    InstanceFields() {}

    abstract B self();

    /**
     * What the instance is for.
     *
     * @param description one sentence for people; the model never reads it
     * @return this builder
     */
    public B description(String description) {
        json.put("description", description);
        return self();
    }

    /**
     * What it is told where a request brings no system message.
     *
     * @param systemPrompt the instruction, before the conversation
     * @return this builder
     */
    public B systemPrompt(String systemPrompt) {
        json.put("system_prompt", systemPrompt);
        return self();
    }

    /**
     * One field of the policy: a text, a number, a truth value, a map.
     *
     * @param name the field's name, as the policy has it
     * @param value what it should be
     * @return this builder
     */
    public B policy(String name, Object value) {
        return policy(name, Wire.value(value));
    }

    /**
     * One field of the policy in JSON; JSON null means "no limit" where a limit may be absent.
     *
     * @param name the field's name, as the policy has it
     * @param value what it should be
     * @return this builder
     */
    public B policy(String name, JsonNode value) {
        json.withObjectProperty("policy").set(name, value);
        return self();
    }
}
