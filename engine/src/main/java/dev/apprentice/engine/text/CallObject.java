package dev.apprentice.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.apprentice.engine.Json;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One JSON object that is a call, while it comes in. Only braces and strings are followed until it is whole. */
final class CallObject {
    private static final Pattern HEAD = Pattern.compile(
            "\\{\\s*\"name\"\\s*:\\s*\"([^\"\\\\]*)\"\\s*,\\s*\"(?:arguments|parameters)\"\\s*:\\s*\\{");

    private final StringBuilder text = new StringBuilder();
    private int depth;
    private boolean inString;
    private boolean escaped;
    private @Nullable String name;
    private int argumentsFrom = -1;
    private int argumentsTo = -1;

    /** Takes the next character; not to be called once the object is whole. */
    void push(char c) {
        text.append(c);
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            return;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> open();
            case '}', ']' -> close();
            default -> {}
        }
    }

    private void open() {
        depth++;
        if (depth == 2 && argumentsFrom < 0) {
            var head = HEAD.matcher(text);
            if (head.matches()) {
                name = head.group(1);
                argumentsFrom = text.length() - 1;
            }
        }
    }

    private void close() {
        depth--;
        if (depth == 1 && argumentsFrom >= 0 && argumentsTo < 0) {
            argumentsTo = text.length();
        }
    }

    boolean whole() {
        return depth == 0;
    }

    /** Everything so far. */
    String text() {
        return text.toString();
    }

    /** The tool's name, as soon as the arguments behind it have begun. */
    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The arguments so far. */
    String arguments() {
        if (argumentsFrom < 0) {
            return "";
        }
        return text.substring(argumentsFrom, argumentsTo < 0 ? text.length() : argumentsTo);
    }

    /** The call that the whole object is, if it is one. */
    Optional<CalledTool> call() {
        try {
            JsonNode tree = Json.strict().readTree(text());
            if (!tree.isObject() || !tree.path("name").isTextual()) {
                return Optional.empty();
            }
            var called = tree.get("name").textValue();
            if (argumentsTo >= 0 && called.equals(name)) {
                return Optional.of(new CalledTool(called, arguments()));
            }
            var given = tree.has("arguments") ? tree.get("arguments") : tree.path("parameters");
            if (given.isMissingNode() || given.isNull()) {
                return Optional.of(new CalledTool(called, "{}"));
            }
            var arguments = given.isTextual() ? Json.strict().readTree(given.textValue()) : given;
            return arguments.isObject() ? Optional.of(new CalledTool(called, arguments.toString())) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
