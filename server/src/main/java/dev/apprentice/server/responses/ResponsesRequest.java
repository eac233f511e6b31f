package dev.apprentice.server.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.server.asking.Asking;

/**
 * A request for a response, checked.
 *
 * @param asking what is asked
 * @param stream whether it is told in events
 * @param store whether the response can be had again
 * @param logprobs whether log-probabilities are told
 * @param echo the fields of the request that the response repeats, each with the value that holds; never changed
 */
record ResponsesRequest(Asking asking, boolean stream, boolean store, boolean logprobs, ObjectNode echo) {}
