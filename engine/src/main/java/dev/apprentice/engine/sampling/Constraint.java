package dev.apprentice.engine.sampling;

import java.util.List;

/**
 * What form an answer must have, whatever it says. The same constraint (by {@code equals}) is compiled once and kept.
 */
public sealed interface Constraint {

    /** Any text. */
    record None() implements Constraint {}

    /** Any JSON object. */
    record JsonObject() implements Constraint {}

    /**
     * JSON that a schema allows.
     *
     * @param schema JSON schema (draft 2020-12) as canonical JSON text
     * @param field of the request that holds it, for faults
     */
    record JsonSchema(String schema, String field) implements Constraint {

        /** The schema of a response format. */
        public JsonSchema(String schema) {
            this(schema, "response_format.json_schema.schema");
        }
    }

    /** Text that an expression matches from its start to its end. */
    record Regex(String expression) implements Constraint {}

    /** Exactly this text. */
    record Literal(String text) implements Constraint {}

    /** One of these forms. */
    record OneOf(List<Constraint> options) implements Constraint {
        public OneOf {
            options = List.copyOf(options);
        }
    }

    /** These forms, one after the other. */
    record Sequence(List<Constraint> parts) implements Constraint {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A form several times.
     *
     * @param part what is repeated
     * @param separator between two of them
     * @param min how often at least
     * @param max how often at most
     */
    record Repeat(Constraint part, String separator, int min, int max) implements Constraint {}

    /**
     * Exactly this text as a model's own template would write it: the name of a control token in it stands for that
     * token. Never for what a caller has typed.
     */
    record Written(String text) implements Constraint {}

    /**
     * Free text; from where it says {@code marker}, {@code after}. What the text begins with may be held likewise
     * without the marker.
     *
     * @param marker text, or the control token of that name; said letter by letter it counts just the same
     * @param after what follows the marker
     * @param again whether free text may follow behind that, and so on; otherwise it is the end
     * @param opening what the text may begin with instead of the marker, blanks standing for any number of blanks;
     *     empty for nothing
     * @param opened what follows {@code opening}, and then the end
     */
    record Triggered(String marker, Constraint after, boolean again, String opening, Constraint opened)
            implements Constraint {
        public Triggered {
            if (marker.isEmpty() || opening.indexOf(marker.charAt(0)) >= 0) {
                throw new IllegalArgumentException("the opening must have nothing of the marker");
            }
        }
    }
}
