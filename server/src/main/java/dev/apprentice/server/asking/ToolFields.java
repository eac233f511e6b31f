package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads tools in OpenAI's chat form, and what other forms have in common with it. */
public final class ToolFields {
    private static final int TOOLS_MAX = 128;

    private ToolFields() {}

    /** The list {@code tools}; empty is absent. */
    public static List<Tool> tools(Fields body) {
        var tools = new ArrayList<Tool>();
        for (var item : body.objects("tools").orElse(List.of())) {
            item.requiredChoice("type", Set.of("function"));
            tools.add(tool(
                    item.object("function").orElseThrow(() -> item.missing("function", "an object")), "parameters"));
        }
        return checked(body, tools);
    }

    /** The same as templates and lessons have them: OpenAI's JSON. */
    public static List<Map<String, Object>> shown(Fields body) {
        return tools(body).stream().map(ToolRules::shown).toList();
    }

    /** One tool whose schema stands in {@code schema}. */
    public static Tool tool(Fields function, String schema) {
        var name = function.requiredString("name");
        if (!Tool.NAME.matcher(name).matches()) {
            throw function.wrongValue(
                    "name", Tool.NAME_EXPECTED, function.value("name").orElseThrow());
        }
        return new Tool(
                name,
                function.string("description").orElse(""),
                function.object(schema)
                        .flatMap(_ -> function.value(schema))
                        .map(ObjectNode.class::cast)
                        .orElseGet(ToolFields::nothing),
                function.bool("strict").orElse(false));
    }

    /** Refuses too many tools, or two of a name. */
    public static List<Tool> checked(Fields body, List<Tool> tools) {
        if (tools.size() > TOOLS_MAX) {
            throw wrong(body.name("tools"), "at most " + TOOLS_MAX + " tools", tools.size() + " tools");
        }
        var names = new HashSet<String>();
        for (var tool : tools) {
            if (!names.add(tool.name())) {
                throw wrong(body.name("tools"), "tools of different names", "'" + tool.name() + "' twice");
            }
        }
        return List.copyOf(tools);
    }

    /** OpenAI's {@code tool_choice}: {@code none}, {@code auto}, {@code required}, or one of {@code tools} by name. */
    public static ToolChoice choice(Fields body, List<Tool> tools) {
        var choice = body.value("tool_choice");
        if (choice.isEmpty()) {
            return new ToolChoice.Auto();
        }
        if (!choice.get().isObject()) {
            var word = body.requiredChoice("tool_choice", Set.of("none", "auto", "required"));
            if (word.equals("required") && tools.isEmpty()) {
                throw body.wrongValue("tool_choice", "none or auto where there are no tools", choice.get());
            }
            return switch (word) {
                case "none" -> tools.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.None();
                case "required" -> new ToolChoice.Required();
                default -> new ToolChoice.Auto();
            };
        }
        var object = body.object("tool_choice").orElseThrow();
        object.requiredChoice("type", Set.of("function"));
        // the responses API has the name beside the type
        var name = object.object("function").orElse(object).requiredString("name");
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw wrong("tool_choice", "the name of one of the tools", "'" + name + "'");
        }
        return new ToolChoice.Named(name);
    }

    /** The schema of a function without parameters. */
    private static ObjectNode nothing() {
        var schema = Wire.object().put("type", "object");
        schema.putObject("properties");
        return schema.put("additionalProperties", false);
    }

    private static InvalidRequestException wrong(String field, String expected, String found) {
        return new InvalidRequestException(
                "invalid_value", field + " must be " + expected + ", found " + found, Fault.of(field, expected, found));
    }
}
