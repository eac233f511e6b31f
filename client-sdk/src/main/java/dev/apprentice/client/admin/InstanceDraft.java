package dev.apprentice.client.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;

/** An instance that is to be created; what is not said has its default. */
public final class InstanceDraft extends JsonValue {
    private InstanceDraft(ObjectNode json) {
        super(json);
    }

    /**
     * Begins the instance {@code id}: letters a to z, digits, and {@code . _ -} after the first.
     *
     * @param id the name that requests give as their model
     * @return a builder with defaults
     */
    public static Builder builder(String id) {
        var builder = new Builder();
        builder.json.put("id", id);
        return builder;
    }

    /**
     * The instance {@code id} with defaults.
     *
     * @param id the name that requests give as their model
     * @return the draft
     */
    public static InstanceDraft of(String id) {
        return builder(id).build();
    }

    /** Puts it together. */
    public static final class Builder extends InstanceFields<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * What was put together, which this builder changes no more.
         *
         * @return the draft
         */
        public InstanceDraft build() {
            return new InstanceDraft(json);
        }
    }
}
