package dev.apprentice.client.teaching;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;
import java.time.Instant;

/** Which lessons of an instance to take back at once: all of them, or a teacher's, or those of a time. */
public final class Withdrawal extends JsonValue {
    private Withdrawal(ObjectNode json) {
        super(json);
    }

    /**
     * Begins with all lessons of {@code instance}.
     *
     * @param instance the instance's id
     * @return a builder
     */
    public static Builder of(String instance) {
        return new Builder(instance);
    }

    /** Says which lessons; what is said holds together. */
    public static final class Builder {
        private final ObjectNode json = Wire.object();

        private Builder(String instance) {
            json.put("instance", instance);
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
         * Only those given then or later.
         *
         * @param after the beginning
         * @return this builder
         */
        public Builder after(Instant after) {
            json.put("after", after.toString());
            return this;
        }

        /**
         * Only those given earlier.
         *
         * @param before the end
         * @return this builder
         */
        public Builder before(Instant before) {
            json.put("before", before.toString());
            return this;
        }

        /**
         * The request.
         *
         * @return the request
         */
        public Withdrawal build() {
            return new Withdrawal(json.deepCopy());
        }
    }
}
