package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.regex.Pattern;

/**
 * A function that the model may call.
 *
 * @param name 1 to 64 letters, digits, {@code _} and {@code -}
 * @param description what it does; empty where nothing is said
 * @param parameters JSON schema of its arguments, which are an object; never changed
 * @param strict whether every call's arguments must hold to the schema
 */
public record Tool(String name, String description, ObjectNode parameters, boolean strict) {
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    static final String NAME_EXPECTED = "1 to 64 letters, digits, _ and -";

    /** Refuses a name that no format could carry. */
    public Tool {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequestException(
                    "invalid_value", "a tool's name must be " + NAME_EXPECTED, Fault.of("tools", NAME_EXPECTED, name));
        }
    }
}
