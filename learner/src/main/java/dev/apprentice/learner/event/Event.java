package dev.apprentice.learner.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that happened.
 *
 * @param sequence its place in the list, growing
 * @param kind what it was
 * @param instance to which instance
 * @param data ids and figures, never what people wrote
 * @param at when
 */
public record Event(long sequence, EventKind kind, String instance, JsonNode data, Instant at) {}
