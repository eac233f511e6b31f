package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;

/** Which lessons to list. */
public final class LessonQuery extends JsonValue {
    private LessonQuery(ObjectNode json) {
        super(json);
    }

    /**
     * Begins with all lessons.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(Wire.object());
    }

    /**
     * All lessons of {@code instance}.
     *
     * @param instance the instance's id
     * @return the query
     */
    public static LessonQuery of(String instance) {
        return builder().instance(instance).build();
    }

    /**
     * Begins with what this one asks for.
     *
     * @return a builder; this query stays as it is
     */
    public Builder toBuilder() {
        return new Builder(json());
    }

    /** Says which lessons. */
    public static final class Builder {
        private final ObjectNode json;

        private Builder(ObjectNode json) {
            this.json = json;
        }

        /**
         * Only this instance's.
         *
         * @param instance the instance's id
         * @return this builder
         */
        public Builder instance(String instance) {
            json.put("instance", instance);
            return this;
        }

        /**
         * Only those that stand there.
         *
         * @param state where they stand
         * @return this builder
         */
        public Builder state(LessonState state) {
            json.put("state", state.value());
            return this;
        }

        /**
         * Only this teacher's.
         *
         * @param by an opaque id of a person or program
         * @return this builder
         */
        public Builder by(String by) {
            json.put("by", by);
            return this;
        }

        /**
         * At most so many in one part of the list.
         *
         * @param limit 1 or more
         * @return this builder
         */
        public Builder limit(int limit) {
            json.put("limit", limit);
            return this;
        }

        /**
         * The part of the list that begins here: {@link dev.apprentice.client.value.Page#next()} of the one before.
         *
         * @param after where the part begins: {@link dev.apprentice.client.value.Page#next()} of the part before, or
         *     null for the first
         * @return this builder
         */
        public Builder after(String after) {
            json.put("after", after);
            return this;
        }

        /**
         * The query.
         *
         * @return the query
         */
        public LessonQuery build() {
            return new LessonQuery(json);
        }
    }
}
