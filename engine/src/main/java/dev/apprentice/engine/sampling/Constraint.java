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
     */
    record JsonSchema(String schema) implements Constraint {}

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

    /** Free text, until it says {@code trigger} (which may be a special token's text): from there on, {@code after}. */
    record Triggered(String trigger, Constraint after) implements Constraint {}
}
