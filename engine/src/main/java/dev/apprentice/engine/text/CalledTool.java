package dev.apprentice.engine.text;

/**
 * A call as a model makes it.
 *
 * @param name the tool
 * @param arguments a JSON object as text
 */
public record CalledTool(String name, String arguments) {}
