package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;

/** Which lessons to list. */
public final class LessonQuery extends JsonValue {
    private LessonQuery(ObjectNode json) {
        super(json);
    }

    /** Begins with all lessons. */
    public static Builder builder() {
        return new Builder(Wire.object());
    }

    /** All lessons of {@code instance}. */
    public static LessonQuery of(String instance) {
        return builder().instance(instance).build();
    }

    /** Begins with what this one asks for. */
    public Builder toBuilder() {
        return new Builder(json());
    }

    /** Says which lessons. */
    public static final class Builder {
        private final ObjectNode json;

        private Builder(ObjectNode json) {
            this.json = json;
        }

        /** Only this instance's. */
        public Builder instance(String instance) {
            json.put("instance", instance);
            return this;
        }

        /** Only those that stand there. */
        public Builder state(LessonState state) {
            json.put("state", state.value());
            return this;
        }

        /** Only this teacher's. */
        public Builder by(String by) {
            json.put("by", by);
            return this;
        }

        /** At most so many in one part of the list. */
        public Builder limit(int limit) {
            json.put("limit", limit);
            return this;
        }

        /** The part of the list that begins here: {@link dev.apprentice.client.value.Page#next()} of the one before. */
        public Builder after(String after) {
            json.put("after", after);
            return this;
        }

        /** The query. */
        public LessonQuery build() {
            return new LessonQuery(json);
        }
    }
}
