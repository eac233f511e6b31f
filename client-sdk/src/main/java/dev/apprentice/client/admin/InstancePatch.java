package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** A change of an instance: what is not said stays as it is. */
public final class InstancePatch extends JsonValue {
    private InstancePatch(ObjectNode json) {
        super(json);
    }

    /**
     * Begins with no change.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Puts it together. */
    public static final class Builder extends InstanceFields<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Takes the system prompt away.
         *
         * @return this builder
         */
        public Builder clearSystemPrompt() {
            json.putNull("system_prompt");
            return this;
        }

        /**
         * What was put together, which this builder changes no more.
         *
         * @return the patch
         */
        public InstancePatch build() {
            return new InstancePatch(json);
        }
    }
}
