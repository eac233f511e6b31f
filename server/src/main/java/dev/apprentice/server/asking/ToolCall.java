package dev.apprentice.server.asking;

/**
 * A call that the model made.
 *
 * @param id unique for ever
 * @param name of the tool
 * @param arguments the arguments as JSON text; an object, unless an unconstrained model wrote something else
 */
public record ToolCall(String id, String name, String arguments) {}
