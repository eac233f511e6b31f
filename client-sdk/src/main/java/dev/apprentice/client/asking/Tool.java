package dev.apprentice.client.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.client.value.JsonValue;
import dev.apprentice.client.value.Wire;

/** A function that the model may ask the application to call. */
public final class Tool extends JsonValue {
    private Tool(ObjectNode json) {
        super(json);
    }

    /**
     * What the wire calls a tool.
     *
     * @param json the object that came over the wire, which is copied
     * @return a value that reads it
     */
    public static Tool of(ObjectNode json) {
        return new Tool(json);
    }

    /** {@return what the model calls it} */
    public String name() {
        return json().at("/function/name").asText();
    }

    /**
     * A function.
     *
     * @param name what the model calls it
     * @param description what it is for, which the model reads
     * @param parameters the JSON schema of its arguments
     * @return the tool
     */
    public static Tool function(String name, String description, ObjectNode parameters) {
        return of(name, description, parameters, false);
    }

    /**
     * A function whose arguments are held to its schema while they are made.
     *
     * @param name what the model calls it
     * @param description what it is for, which the model reads
     * @param parameters the JSON schema of its arguments
     * @return the tool
     */
    public static Tool strictFunction(String name, String description, ObjectNode parameters) {
        return of(name, description, parameters, true);
    }

    private static Tool of(String name, String description, ObjectNode parameters, boolean strict) {
        var json = Wire.object().put("type", "function");
        var function = json.putObject("function").put("name", name).put("description", description);
        function.set("parameters", parameters);
        if (strict) {
            function.put("strict", true);
        }
        return new Tool(json);
    }
}
